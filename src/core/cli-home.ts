/** What the folder holds in which a CLI keeps its settings, agents, skills and sessions; paths are relative to it. */
export interface CliHome {
  /** As a person writes it: `~/.claude`. */
  folder: string;
  /** Parts that people look for first; what is not there is left out. */
  parts: CliPart[];
}

export interface CliPart {
  path: string;
  kind: "folder" | "file";
  /** Plain files in it, or 1; counted up to a bound. */
  files: number;
  bytes: number;
}

export interface CliEntry {
  name: string;
  kind: "folder" | "file";
  bytes: number;
  changedAt: number;
  /** It is there, but is never shown: credentials, dot files, links that lead out. */
  isWithheld?: true;
}

export interface CliFolder {
  path: string;
  /** Folders first, then by name. */
  entries: CliEntry[];
  /** Entries beyond those that are listed. */
  more: number;
}

/** A piece of a text file, in which secrets are masked. */
export interface CliText {
  path: string;
  text: string;
  /** Bytes of the file, and where this piece begins. */
  bytes: number;
  from: number;
  /** Where the next piece begins; absent at the end. */
  next?: number;
}

export interface CliHit {
  path: string;
  /** From 1; 0 = the name of the file. */
  line: number;
  text: string;
}

export interface CliFound {
  hits: CliHit[];
  /** Not everything was looked through: too many hits or files. */
  isCut: boolean;
}

/** Something is there, but is never served. */
export class Withheld extends Error {}

/** Names whose content is secret whatever is in it. */
const SECRET_NAME =
  /^\.|credential|secret|passw(?:or)?d|^(?:auth|token)s?\b|\.(?:pem|key|p12|pfx|kdbx|keychain)$|^id_(?:rsa|dsa|ecdsa|ed25519)/i;

export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);
