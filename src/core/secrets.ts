/** What stands where a secret stood. */
export const MASK = "••••••";

/** Values that are secret by their own form, wherever they stand. The forms are those that their issuers document. */
const FORMS: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** `Authorization: Bearer …`, and the user's part of an address. */
const HEADER = /\b(Bearer|Basic)(\s+)[A-Za-z0-9._~+/=-]{8,}/gi;
const ADDRESS = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]*:)[^\s/@]+(?=@)/gi;

/**
 * Names whose value is secret: in JSON, in a shell's assignment, in an environment. Bounded, like every repetition here that
 * something must follow: hostile text may not cost quadratic time.
 */
const NAME = "[A-Za-z0-9_-]{0,48}(?:token|secret|passw(?:or)?d|api[_-]?key|apikey|private[_-]?key|credential)s?";
const NAMED_STRING = new RegExp(`("${NAME}"\\s*:\\s*")((?:[^"\\\\\\n]|\\\\.)+)(")`, "gi");
const NAMED_WORD = new RegExp(`(\\b${NAME}\\s*=\\s*["']?)([^\\s"']{6,})`, "gi");

/** A text in which values that look like secrets are hidden; what names them stays, so that one sees where they are. */
export function masked(text: string): string {
  const named = text.replace(NAMED_STRING, `$1${MASK}$3`).replace(NAMED_WORD, `$1${MASK}`);
  const said = named.replace(HEADER, `$1$2${MASK}`).replace(ADDRESS, `$1${MASK}`);
  return FORMS.reduce((left, form) => left.replace(form, MASK), said);
}
