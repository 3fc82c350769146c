import { Refusal } from "../core/refusal.ts";

const REF = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,120}$/;
const REMOTE =
  /^(?:https:\/\/|ssh:\/\/)[A-Za-z0-9][A-Za-z0-9._@~:/+-]*$|^[A-Za-z0-9._-]+@[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z0-9._~/-]+$/;

const shown = (text: string): string => JSON.stringify(text.slice(0, 130));

/** A branch name that somebody gave us. Stricter than git: nothing that a shell, tmux or an option parser reads (S40). */
export function requireRef(name: string): string {
  const isPath = name.split("/").every((part) => part !== "" && !part.startsWith(".") && !/(?:\.lock|\.)$/.test(part));
  if (REF.test(name) && isPath && !name.includes("..") && !name.startsWith("refs/") && name !== "HEAD") return name;
  throw new Refusal("usage", `${shown(name)} is not a branch name`, "letters, digits and . _ / -");
}

export const isCommitId = (text: string): boolean => /^[0-9a-f]{4,64}$/.test(text);

/** A folder name for anything: readable, harmless, and different for different names. */
export function slugFor(name: string): string {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const trimmed = slug.replace(/^-+|-+$/g, "").slice(0, 40);
  return `${trimmed || "x"}-${new Bun.CryptoHasher("sha256").update(name).digest("hex").slice(0, 8)}`;
}

/** Remotes that Muster may talk to; others can run programs or read files (S42). */
export function requireRemote(url: string): string {
  if (REMOTE.test(url) && !url.includes("::")) return url;
  throw new Refusal("usage", `${shown(url)} is not a remote`, "https:// or ssh:// addresses only");
}
