import { expect, test } from "bun:test";
import { History } from "../../test/fakes/history.ts";
import { isNoticeRead, readWith } from "./notices.ts";

/** Twelve things that people were told; the facts 1 to 12. */
function told(): History {
  const history = new History();
  for (let n = 1; n <= 12; n++) history.observe({ type: "notice.raised", level: "info", text: `told ${n}` });
  return history;
}

test("A90 what was read is written down once: all up to one, and single ones after it", () => {
  const history = told();
  const { seq } = history.state;
  expect(history.dispatch({ do: "read", upTo: seq - 4, ids: [seq - 1, seq - 1, seq - 9] })).toEqual(["notice.read"]);
  expect(history.state.noticesRead).toEqual({ upTo: seq - 4, ids: [seq - 1] });
  expect(history.dispatch({ do: "read", upTo: seq - 5, ids: [seq - 1] })).toEqual([]);
  const unread = Array.from({ length: seq }, (_, n) => n + 1).filter(
    (one) => !isNoticeRead(history.state.noticesRead, one),
  );
  expect(unread).toEqual([seq - 3, seq - 2, seq]);
});

test("A90 nobody has read what was not told yet", () => {
  const history = told();
  const { seq } = history.state;
  history.dispatch({ do: "read", upTo: 1e15, ids: [1e15] });
  expect(history.state.noticesRead).toEqual({ upTo: seq, ids: [] });
  expect(history.dispatch({ do: "read", upTo: 0, ids: [seq + 5] })).toEqual([]);
});

test("of single ones a thousand are kept, and those below the line go", () => {
  const many = Array.from({ length: 1500 }, (_, n) => n + 1);
  const read = readWith({ upTo: 0, ids: [] }, { upTo: 100, ids: many });
  expect([read.upTo, read.ids.length, read.ids[0], read.ids.at(-1)]).toEqual([100, 1000, 501, 1500]);
});
