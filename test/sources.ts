import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Source {
  /** Relative to the folder that was read, with `/`. */
  path: string;
  text: string;
}

export const ROOT = join(import.meta.dir, "..");

/** All sources below a folder, in the order of their paths. */
export function sourcesIn(folder: string): Source[] {
  const paths = [...new Bun.Glob("**/*.{ts,tsx,mjs}").scanSync(folder)].sort();
  return paths.map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
}

/** Tests, and the `fixture.ts` beside them. */
export const isTest = (path: string): boolean => /(\.test\.tsx?|\/fixture\.ts)$/.test(path);

/** The text without lines that are comments as a whole: they may speak of what the code must not do. */
export const codeOf = (text: string): string =>
  text
    .split("\n")
    .map((line) => (/^\s*(\/\/|\/?\*)/.test(line) ? "" : line))
    .join("\n");
