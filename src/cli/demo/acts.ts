import type { Event } from "../../core/facts.ts";

/** What the play is about to show; each is said once, before the line that begins it. */
const ACTS: { title: string; isBegunBy(event: Event, patches: number): boolean }[] = [
  { title: "Two agents get the same task", isBegunBy: ({ type }) => type === "team.formed" },
  {
    title: "PeerA claims something and hands in a patch",
    isBegunBy: (event) => event.type === "message.queued" && event.preview.includes("CLAIM"),
  },
  {
    title: "The project's own tests refuse it: nothing is committed",
    isBegunBy: ({ type }) => type === "patch.refused",
  },
  {
    title: "PeerB answers with a counterexample",
    isBegunBy: (event) => event.type === "message.queued" && event.preview.includes("COUNTER"),
  },
  {
    title: "The next patch is put to the same tests",
    isBegunBy: ({ type }, patches) => type === "patch.received" && patches > 1,
  },
  { title: "Only what passed is committed", isBegunBy: ({ type }) => type === "patch.committed" },
];

/** Names the acts of a play as its facts begin them. */
export function actTeller(): (event: Event) => string | undefined {
  const waiting = [...ACTS];
  let patches = 0;
  let acts = 0;
  return (event) => {
    if (event.type === "patch.received") patches += 1;
    const at = waiting.findIndex((act) => act.isBegunBy(event, patches));
    const [act] = at < 0 ? [] : waiting.splice(at, 1);
    if (!act) return undefined;
    acts += 1;
    return `${acts}. ${act.title}`;
  };
}
