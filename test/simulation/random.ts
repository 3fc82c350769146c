/** mulberry32: small, fast, good enough to choose schedules. The same seed gives the same run for ever. */
export class Seeded {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  upTo(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A probability up to `most` in `share` of the seeds, else 0. */
  sometimes(share: number, most: number): number {
    return this.chance(share) ? this.next() * most : 0;
  }
}
