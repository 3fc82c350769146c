/** One word of a POSIX shell, whatever it holds, in single quotes. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The same for a person's eyes: without quotes where none are needed; zsh would look a leading = up as a command. */
export const shellWord = (text: string): string =>
  /^[A-Za-z0-9_/.:@%+-][A-Za-z0-9_/.:@%+=-]*$/.test(text) ? text : quoted(text);
