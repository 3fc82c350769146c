import type { LoginCode } from "../core/api.ts";
import { type AgentId, type Millis, PERSON, type Principal } from "../core/ids.ts";
import type { Clock } from "../core/ports.ts";

/** Who a token stands for, and until when. */
export interface Grant {
  by: Principal;
  until: Millis;
}

const CODE_MS = 60_000;
const PAGE_MS = 12 * 3_600_000;
/** Wrong codes and tokens within one window; after the last one all are answered 429 for a whole window (S09, S10). */
const WINDOW_MS = 60_000;
const WRONG_CODES = 20;
const WRONG_TOKENS = 200;
/** Codes that wait to be used; the oldest leaves. */
const OPEN_CODES = 20;

/** By Bun and the web's `crypto`: node:crypto takes 5 ms to load (Bun 1.4.4), of a daemon that starts in 60. */
const hashOf = (text: string): Buffer => new Bun.CryptoHasher("sha256").update(text).digest();

const isSame = (a: string, b: string): boolean => crypto.timingSafeEqual(hashOf(a), hashOf(b));

const signature = (secret: string, text: string): string =>
  new Bun.CryptoHasher("sha256", secret).update(text).digest("base64url");

const randomText = (bytes: number): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("base64url");

/**
 * The token of an agent: its id, signed. Nothing is stored, so living agents keep theirs over a restart of the daemon; what
 * it allows is looked up by the id that the signature proves.
 */
export const agentToken = (secret: string, agent: AgentId): string =>
  `agent.${agent}.${signature(secret, `agent ${agent}`)}`;

/** Counts what is wrong within a window. */
class Wrongs {
  private since = 0;
  private count = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limit: number,
  ) {}

  isOver(): boolean {
    return this.clock.monotonic() - this.since < WINDOW_MS && this.count >= this.limit;
  }

  add(): void {
    const now = this.clock.monotonic();
    if (now - this.since >= WINDOW_MS) {
      this.since = now;
      this.count = 0;
    }
    this.count += 1;
    if (this.count === this.limit) this.since = now;
  }
}

/** All tokens of a home: the person's own, those of pages, of agents, and the one-time codes for a login. */
export class Tokens {
  readonly wrongTokens: Wrongs;
  readonly wrongCodes: Wrongs;
  private readonly codes = new Map<string, Millis>();
  private readonly onRotate = new Set<() => void>();

  constructor(
    private secret: string,
    private readonly parts: {
      clock: Clock;
      /** Keeps a rotated person's token. */
      save(secret: string): void;
      /** May this agent still act? */
      isActive(agent: AgentId): boolean;
    },
  ) {
    this.wrongTokens = new Wrongs(parts.clock, WRONG_TOKENS);
    this.wrongCodes = new Wrongs(parts.clock, WRONG_CODES);
  }

  /** Whom this token stands for; null = nobody. */
  grant(token: string): Grant | null {
    if (isSame(token, this.secret)) return { by: PERSON, until: Number.POSITIVE_INFINITY };
    const [kind, subject = "", ...rest] = token.split(".");
    if (kind === "page") return this.pageGrant(token, subject, rest[0] ?? "");
    if (kind !== "agent" || !isSame(token, agentToken(this.secret, subject))) return null;
    if (!this.parts.isActive(subject)) return null;
    return { by: { kind: "agent", agent: subject }, until: Number.POSITIVE_INFINITY };
  }

  forAgent(agent: AgentId): string {
    return agentToken(this.secret, agent);
  }

  /** A code that one page may exchange within a minute. */
  mintCode(): LoginCode {
    const code = randomText(32);
    const expiresAt = this.parts.clock.now() + CODE_MS;
    this.codes.set(hashOf(code).toString("hex"), expiresAt);
    const [oldest] = this.codes.keys();
    if (this.codes.size > OPEN_CODES && oldest !== undefined) this.codes.delete(oldest);
    return { code, expiresAt };
  }

  /** Takes a code, once, for a page's token; null = wrong, used or too old. */
  exchange(code: string): { token: string; expiresAt: Millis } | null {
    const key = hashOf(code).toString("hex");
    const until = this.codes.get(key);
    this.codes.delete(key);
    const now = this.parts.clock.now();
    if (until === undefined || now >= until) {
      this.wrongCodes.add();
      return null;
    }
    const expiresAt = now + PAGE_MS;
    return { token: this.pageToken(expiresAt.toString(36), randomText(16)), expiresAt };
  }

  /** Proves to a client that whoever answers on this host and port knows the person's token (security S21). */
  proof(nonce: string, host: string): string {
    return signature(this.secret, `identity ${host} ${nonce}`);
  }

  /** A new person's token: every other token and code ends with the old one. */
  rotate(): void {
    const secret = randomText(32);
    this.parts.save(secret);
    this.secret = secret;
    this.codes.clear();
    for (const tell of this.onRotate) tell();
  }

  whenRotated(tell: () => void): void {
    this.onRotate.add(tell);
  }

  private pageToken(expires: string, salt: string): string {
    return `page.${expires}.${salt}.${signature(this.secret, `page ${expires} ${salt}`)}`;
  }

  private pageGrant(token: string, expires: string, salt: string): Grant | null {
    if (!isSame(token, this.pageToken(expires, salt))) return null;
    const until = Number.parseInt(expires, 36);
    return this.parts.clock.now() < until ? { by: PERSON, until } : null;
  }
}
