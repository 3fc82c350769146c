import type { Box } from "../core/ports.ts";

/** The files that a peer overwrites whole. */
export const BOXES: Record<string, Box> = {
  ...{ "to_peer.md": "to_peer", "to_user.md": "to_user", "to_aux.md": "to_aux", "patch.diff": "patch" },
};

const OUT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/;
/** What editors and tools write before they rename. */
const TEMPORARY = /^\.|~$|\.(?:tmp|temp|part|swp)(?:\.|$)/;

export const isTemporary = (name: string): boolean => TEMPORARY.test(name);

/** Which box a file in `out/` is for; null = it names no recipient there is (S38). */
export function boxOfName(name: string): Box | null {
  if (!OUT_NAME.test(name)) return null;
  const suffix = Object.keys(BOXES).find((box) => name.endsWith(`.${box}`));
  return suffix === undefined ? null : (BOXES[suffix] ?? null);
}

/** A name as it is ordered: numbers by value, so that 10 comes after 9. Made once per name; comparing is cheap. */
export const orderOf = (name: string): string =>
  name.replace(/\d+/g, (digits) => {
    const value = digits.replace(/^0+(?=\d)/, "");
    return `${String(value.length).padStart(3, "0")}${value}`;
  });

/** A claimed file. Its name is unique and sorts in the order of claiming. */
export interface Claim {
  name: string;
  at: number;
  folder: string;
  /** Came through `out/`: its name is an id. */
  isNamed: boolean;
  file: string;
  box: Box;
}

const CLAIM = /^([0-9a-z]{9})[0-9a-z]{4}[0-9a-f]{6}__(peer[A-Z])__(out__)?(.+)$/;

export const claimName = (unique: string, folder: string, file: string, isNamed: boolean): string =>
  `${unique}__${folder}__${isNamed ? "out__" : ""}${file}`;

export function readClaimName(name: string): Claim | null {
  const [, at, folder, out, file] = CLAIM.exec(name) ?? [];
  const isNamed = out !== undefined;
  const box = file === undefined ? undefined : isNamed ? boxOfName(file) : BOXES[file];
  if (!at || !folder || !file || !box) return null;
  return { name, at: Number.parseInt(at, 36), folder, isNamed, file, box };
}
