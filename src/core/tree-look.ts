/** What git shows of a repository's files, beside the commits that Muster made. */
export interface TreeLook {
  /** Full id of HEAD; empty without a commit. */
  head: string;
  /** Paths that differ from HEAD, new ones too; ignored ones not. */
  dirty: string[];
  /** Commits since another one that carry no Muster-Patch trailer, newest first. */
  foreign: { id: string; subject: string }[];
}
