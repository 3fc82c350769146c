/** What takes turns is drawn by the browser's own clock; a hidden tab draws no frames, and still keeps up. */
interface Frames {
  next(work: (at: number) => void): void;
}

const FRAMES: Frames = {
  next: (work) => {
    if (document.hidden) setTimeout(() => work(performance.now()), 250);
    else requestAnimationFrame(work);
  },
};

/** A frame that takes longer was too much work, in milliseconds. */
const LONG_MS = 25;
const FRAME_MS = 1000 / 60;
const MOST = 9;
/** Frames that are left free at most after one terminal alone was too much. */
const LONGEST_REST = 6;

/**
 * Terminals that stand side by side take turns: what all of them print is drawn within a few frames, and none of these is
 * longer than the page can bear. How many are drawn within one follows from how long the frames take.
 */
export class Turns {
  private readonly waiting = new Map<object, () => void>();
  private most = MOST;
  private rest = 0;
  private drawnAt: number | null = null;
  private isDue = false;

  constructor(private readonly frames: Frames = FRAMES) {}

  /** Does the work when it is this one's turn; who asks again before keeps the place with the newer work. */
  ask(who: object, work: () => void): void {
    this.waiting.set(who, work);
    this.schedule();
  }

  leave(who: object): void {
    this.waiting.delete(who);
  }

  private schedule(): void {
    if (this.isDue || this.waiting.size === 0) return;
    this.isDue = true;
    this.frames.next((at) => {
      this.isDue = false;
      this.frame(at);
      this.schedule();
    });
  }

  private frame(at: number): void {
    if (this.drawnAt !== null) this.learn(at - this.drawnAt);
    this.drawnAt = null;
    if (this.rest > 0) {
      this.rest -= 1;
      return;
    }
    for (const [who, work] of [...this.waiting].slice(0, Math.floor(this.most))) {
      this.waiting.delete(who);
      work();
    }
    this.drawnAt = at;
  }

  /** Half as many after a long frame, slowly more again after short ones. */
  private learn(took: number): void {
    if (took <= LONG_MS) this.most = Math.min(MOST, this.most + 1 / 60);
    else if (this.most >= 2) this.most /= 2;
    else this.rest = Math.min(LONGEST_REST, Math.round(took / FRAME_MS) - 1);
  }
}

/** All terminals of the page that are not typed into. */
export const turns = new Turns();
