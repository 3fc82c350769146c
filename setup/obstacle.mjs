/** Why the set-up cannot go on, and what a person can do about it. Printed as one line. */
export class Obstacle extends Error {
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}
