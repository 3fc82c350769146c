/** A word as a shell takes it for one; zsh would look a leading = up as a command. */
export const quoted = (word: string): string =>
  /^[A-Za-z0-9_/.:@%+-][A-Za-z0-9_/.:@%+=-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
