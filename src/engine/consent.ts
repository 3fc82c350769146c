import { observe } from "../core/commands.ts";
import type { Hire } from "../core/facts.ts";
import { DAEMON, type Principal } from "../core/ids.ts";
import { FULL_ACCESS } from "../core/premises.ts";
import { Refusal } from "../core/refusal.ts";
import { isAgreed, type Review } from "../core/review.ts";
import type { Engine } from "./engine.ts";
import { trustRefusal } from "./trust.ts";

export interface ConsentWorld {
  engine: Engine;
  review(repo: string): Promise<Review>;
}

/** What a person must have agreed to before an agent starts in a repository. */
export class Consent {
  constructor(private readonly world: ConsentWorld) {}

  /** Nobody's repository configures an agent before a person has seen how (incident class A12). */
  async trust(repo: string, agrees: boolean, by: Principal): Promise<void> {
    const { engine } = this.world;
    const review = await this.world.review(repo);
    const known = engine.state.repositories[repo];
    const { hash } = review;
    // What was shown is what is agreed to: whatever changed since is shown first.
    const isShown = known?.seen === undefined || known.seen.hash === hash;
    if (!isAgreed(review, known) || (review.files.length > 0 && !known?.agreed)) this.see(repo, review);
    if (isAgreed(review, known)) return;
    if (!agrees || by.kind !== "person" || !isShown) throw trustRefusal(repo, review, known);
    engine.dispatch({ do: "trust", repo, hash }, by);
  }

  /** The same for a copy of a repository: what was agreed to there counts here, and nothing else. */
  async inherit(copy: string, repo: string, agrees: boolean, by: Principal): Promise<void> {
    const { engine } = this.world;
    const review = await this.world.review(copy);
    if (!isAgreed(review, engine.state.repositories[repo])) return this.trust(copy, agrees, by);
    if (review.files.length === 0) return;
    this.see(copy, review);
    engine.dispatch({ do: "trust", repo: copy, hash: review.hash }, DAEMON);
  }

  /** Full access is chosen in words, once in each repository (P18). */
  permission(
    repo: string,
    hires: Pick<Hire, "seat" | "permission">[],
    accept: string | undefined,
    by: Principal,
  ): void {
    const { engine } = this.world;
    const seats = hires.filter(({ permission }) => permission === "danger-full-access").map(({ seat }) => seat);
    if (seats.length === 0 || engine.state.repositories[repo]?.isPermitted) return;
    if (accept !== FULL_ACCESS || by.kind !== "person") {
      const who = `${seats.join(" and ")} would get full access, which nobody has allowed in ${repo} yet`;
      throw new Refusal("state", who, `muster run --accept "${FULL_ACCESS}" allows it, once`);
    }
    engine.dispatch({ do: "permit", repo }, by);
  }

  private see(repo: string, { hash, files: found }: Review): void {
    const files = found.map(({ file }) => file);
    const digests = found.map(({ digest }) => digest);
    this.world.engine.dispatch(observe({ type: "repository.reviewed", repo, hash, files, digests }), DAEMON);
  }
}
