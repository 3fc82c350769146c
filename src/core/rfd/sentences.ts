import { type Address, USER } from "../ids.ts";
import { nameOf, plain, quiet, type Sayings } from "../saying.ts";
import type { State } from "../state.ts";
import { preview } from "../text.ts";
import type { RfdFact } from "./facts.ts";

const namesOf = (paths: string[]): string =>
  paths.length > 5 ? `${paths.slice(0, 5).join(" ")} and ${paths.length - 5} more` : paths.join(" ");

/** `PeerA signs`, `you sign`. */
const does = (state: State, who: Address, verb: string): string =>
  who === USER ? `you ${verb}` : `${nameOf(state, who)} ${verb}s`;

export const RFD_SAYINGS: Sayings<RfdFact["type"]> = {
  "rfd.opened": ({ rfd, title, patch }) => ({
    tone: "warn",
    who: rfd,
    text: `a decision is asked for${patch ? ` on ${patch}` : ""}: ${title}`,
  }),
  "rfd.signed": ({ rfd, signer, decision, reason }, state) => ({
    ...plain(`${does(state, signer, "sign")}: ${decision}${reason ? ` (${preview(reason)})` : ""}`),
    who: rfd,
  }),
  "rfd.questioned": ({ rfd, asker }, state) => ({ ...plain(`${does(state, asker, "want")} to know more`), who: rfd }),
  "rfd.decided": ({ rfd, decision, decider }, state) => {
    const tone = decision === "approve" ? "good" : decision === "reject" ? "bad" : "warn";
    const text = decision === "expired" ? "expired undecided" : `${decision}d by ${nameOf(state, decider)}`;
    return { tone, who: rfd, text: text.replace("rejectd", "rejected") };
  },
  "lock.taken": ({ agent, files }, state) => ({ ...quiet(`works on ${namesOf(files)}`), who: nameOf(state, agent) }),
  "tree.seen": ({ unqueued, commits }) => {
    const paths = unqueued.map(({ path }) => path);
    const words = [
      ...(commits.length > 0
        ? [`commits past the patch line: ${namesOf(commits.map(({ id }) => id.slice(0, 10)))}`]
        : []),
      ...(paths.length > 0 ? [`changed without a patch: ${namesOf(paths)}`] : []),
    ];
    return words.length === 0 ? quiet("every change came through a patch") : plain(words.join("; "));
  },
};
