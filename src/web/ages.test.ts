import { expect, test } from "bun:test";
import { History, hireOf } from "../../test/fakes/history.ts";
import { byAge, listedAt } from "./ages.ts";

test("agents stand by age, those too whose ids are digits only", () => {
  const history = new History();
  for (const agent of ["b0000001", "30832031", "a0000002", "49865830"])
    history.observe({ type: "agent.hired", hire: { ...hireOf(agent), agent } } as never);
  const { agents } = history.state;
  for (const [n, id] of ["b0000001", "30832031", "a0000002", "49865830"].entries())
    Object.assign(agents[id] as object, { hiredAt: n });
  expect(byAge(agents).map(({ hire }) => hire.agent)).toEqual(["b0000001", "30832031", "a0000002", "49865830"]);
  expect(Object.keys(agents)[0]).toBe("30832031");
});

test("lists are made for a moment of the last ten seconds, never for one to come", () => {
  for (const now of [0, 9_999, 10_000, 1_700_000_012_345])
    expect([now, now - listedAt(now) >= 0, now - listedAt(now) < 10_000]).toEqual([now, true, true]);
  expect(listedAt(10_001)).toBe(listedAt(19_999));
});
