/** Which folder of `src/` may import which: the architecture as data. ARCHITECTURE.md shows the same table. */
export interface Rule {
  may: string[];
  /** Why an arrow is there or missing, where it is not obvious. */
  why: string;
  /** Decided, not built: its rule holds from the day the folder is there. */
  isPlanned?: true;
}

const ADAPTOR = "knows one technology; never another adaptor, or it could not be replaced alone";

export const TABLE: Record<string, Rule> = {
  core: { may: [], why: "pure: the daemon, the browser and the simulation run the same decide and fold" },
  engine: { may: ["core"], why: "reaches the world by the ports of core only, so a simulation can stand in" },
  store: { may: ["core"], why: ADAPTOR },
  tmux: { may: ["core"], why: ADAPTOR },
  drivers: { may: ["core"], why: `${ADAPTOR}; the stand-in program is in here, too, and must not need a daemon` },
  mailbox: { may: ["core"], why: ADAPTOR },
  git: { may: ["core"], why: ADAPTOR },
  files: { may: ["core"], why: ADAPTOR },
  boards: { may: ["core"], why: ADAPTOR },
  programs: { may: ["core"], why: ADAPTOR },
  bridges: { may: ["core"], why: ADAPTOR },
  push: { may: ["core"], why: `${ADAPTOR}; web push by the platform's own cryptography, and its keys` },
  client: { may: ["core"], why: "the one client of the server; it must start within milliseconds" },
  server: { may: ["core", "engine"], why: "dispatches into the engine it is given; never opens a terminal by itself" },
  cli: {
    may: ["core", "client", "tui"],
    why: "whatever a command can do, the server can be asked for; `tui` for the one command that opens it",
  },
  tui: { may: ["core", "client"], why: "as cli: whatever the console can do, the server can be asked for" },
  web: { may: ["core", "client"], why: "as cli; runs in the browser" },
  daemon: {
    may: [
      "core",
      "engine",
      "store",
      "tmux",
      "drivers",
      "mailbox",
      "git",
      "files",
      "boards",
      "programs",
      "bridges",
      "push",
      "client",
      "server",
    ],
    why: "the only place where all parts meet; `client` for the one derivation of paths (client/home.ts)",
  },
  "main.ts": { may: ["daemon", "cli", "drivers"], why: "argv to one of them; `drivers` for the stand-in program" },
  "version.ts": { may: [], why: "a constant that anybody may import" },
};

/** Anybody may import these. */
export const COMMON = ["version.ts"];
