/** Where an agent works beside the person's own files. */
export interface Worktree {
  /** Top of the repository. */
  repo: string;
  path: string;
  branch: string;
  /** The commit it began at. */
  base: string;
}

/** What has become of a worktree. */
export interface WorktreeLook {
  /** Paths that are not committed. */
  dirty: string[];
  commits: number;
  /** All of it against where it began. */
  diff: string;
}
