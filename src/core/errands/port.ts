/** One program to be run to its end, without a terminal and without a shell. */
export interface ProgramOrder {
  argv: string[];
  /** Absent = nothing to read. */
  stdin?: string;
  cwd: string;
  /** The whole environment. */
  env: Record<string, string>;
  /** Absolute; gets `stdout.txt`, `stderr.txt` and `meta.json` beside the prompt. */
  folder: string;
  limitMs: number;
  /** Ends it, with everything that it started. */
  signal: AbortSignal;
  /** Its process group has this id. */
  started?(pid: number): void;
}

export interface ProgramEnd {
  /** Exit code; null = it was ended, or could not be started. */
  code: number | null;
  end: "own" | "timeout" | "stopped" | "missing";
  /** The beginning and the end of what it printed; the file has all of it. */
  stdout: string;
  /** How the system says that it could not be started. */
  problem: string;
}

/** Runs programs for errands, and keeps what they say in folders of their own. */
export interface Programs {
  /**
   * Makes a folder of this name below `.muster/work` of a repository, with these files; with `-2` behind it when there is
   * one. Its absolute path. Refuses links in the way.
   */
  open(repo: string, kind: "aux" | "foreman", name: string, files: Record<string, string>): Promise<string>;
  /** Whatever the program starts ends with it. */
  run(order: ProgramOrder): Promise<ProgramEnd>;
  /** Ends what a dead daemon left running there, and nobody else who has its number now. */
  endOrphan(folder: string): Promise<void>;
}
