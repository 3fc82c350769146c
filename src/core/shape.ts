/** What a value from outside must look like. `read` gives it with its type, or throws Misshapen. */
export interface Shape<T> {
  read(value: unknown, path: string): T;
}

/** A field that may be missing. */
interface OptionalShape<T> extends Shape<T | undefined> {
  isOptional: true;
}

/** Where a value is not as it must be, and how it must be. */
export class Misshapen extends Error {
  constructor(path: string, why: string) {
    super(path === "" ? why : `${path}: ${why}`);
  }
}

type TypeOf<S> = S extends Shape<infer T> ? T : never;
type Fields = Record<string, Shape<unknown>>;
type OptionalKeys<F> = { [K in keyof F]: F[K] extends OptionalShape<unknown> ? K : never }[keyof F];

/** The type that an object of these fields has. */
export type ObjectOf<F extends Fields> = { [K in Exclude<keyof F, OptionalKeys<F>>]: TypeOf<F[K]> } & {
  [K in OptionalKeys<F>]?: Exclude<TypeOf<F[K]>, undefined>;
};

const within = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

interface TextLimits {
  min?: number;
  max?: number;
  pattern?: { test(text: string): boolean };
  /** The pattern in words. */
  words?: string;
}

export const text = ({ min = 0, max = Infinity, pattern, words = "" }: TextLimits = {}): Shape<string> => ({
  read(value, path) {
    if (typeof value !== "string") throw new Misshapen(path, "a text is needed");
    if (value.length < min) throw new Misshapen(path, "it is empty");
    if (value.length > max) throw new Misshapen(path, `at most ${max} characters`);
    if (pattern && !pattern.test(value)) throw new Misshapen(path, words);
    return value;
  },
});

export const flag: Shape<boolean> = {
  read(value, path) {
    if (typeof value !== "boolean") throw new Misshapen(path, "true or false is needed");
    return value;
  },
};

export const number = (min: number, max: number, isWhole = false): Shape<number> => ({
  read(value, path) {
    const isFit = typeof value === "number" && value >= min && value <= max && (!isWhole || Number.isInteger(value));
    if (!isFit) throw new Misshapen(path, `a ${isWhole ? "whole " : ""}number from ${min} to ${max} is needed`);
    return value;
  },
});

export const oneOf = <const T extends string>(...words: T[]): Shape<T> => ({
  read(value, path) {
    if (!(words as unknown[]).includes(value)) throw new Misshapen(path, `one of ${words.join(", ")} is needed`);
    return value as T;
  },
});

export const list = <T>(item: Shape<T>): Shape<T[]> => ({
  read(value, path) {
    if (!Array.isArray(value)) throw new Misshapen(path, "a list is needed");
    return value.map((one, index) => item.read(one, within(path, String(index))));
  },
});

export const optional = <T>(shape: Shape<T>): OptionalShape<T> => ({
  isOptional: true,
  read: (value, path) => (value === undefined ? undefined : shape.read(value, path)),
});

function entriesOf(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Misshapen(path, "keys are needed");
  return Object.entries(value);
}

/** Any keys of this pattern. */
export const table = <T>(pattern: RegExp, item: Shape<T>): Shape<Record<string, T>> => ({
  read(value, path) {
    const read = Object.create(null) as Record<string, T>;
    for (const [key, one] of entriesOf(value, path)) {
      if (!pattern.test(key)) throw new Misshapen("", `unknown key ${within(path, key)}`);
      read[key] = item.read(one, within(path, key));
    }
    return read;
  },
});

/** Exactly these keys; `isLoose`: others are passed over. What an object inherits is none of its keys. */
export const object = <F extends Fields>(fields: F, isLoose = false): Shape<ObjectOf<F>> & { keys: string[] } => ({
  keys: Object.keys(fields),
  read(value, path) {
    const given = new Map(entriesOf(value, path));
    const stranger = [...given.keys()].find((key) => !Object.hasOwn(fields, key));
    if (stranger !== undefined && !isLoose) throw new Misshapen("", `unknown key ${within(path, stranger)}`);
    const read: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(fields)) {
      const one = field.read(given.get(key), within(path, key));
      if (one !== undefined) read[key] = one;
    }
    return read as ObjectOf<F>;
  },
});
