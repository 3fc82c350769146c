import { type Chat, uploadKey } from "../../core/bridges/bridges-state.ts";
import type { Upload } from "../../core/bridges/port.ts";
import { redacted } from "../../core/bridges/text.ts";
import { observe } from "../../core/commands.ts";
import { DAEMON, type Millis } from "../../core/ids.ts";
import type { State, Team } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { isAllowed } from "./inbound-files.ts";
import type { BridgeRoster } from "./roster.ts";
import { uploadsKey } from "./wakes.ts";
import { type BridgeWorld, rulesOf, runningIn } from "./world.ts";

const MOST_TRIES = 5;
const MB = 1024 * 1024;
const SWEEP_MS = 3_600_000;
const NAMES = { a: "[PeerA] ", b: "[PeerB] ", both: "[PeerA and PeerB] ", "": "" };

type ChatSettings = Team["settings"]["telegram" | "slack" | "discord"];
type Talking = Chat & { platform: "telegram" | "slack" | "discord" };

/** Sends the files that were dropped for the chats; each is removed only when all of them have it (P92). */
export class UploadReactor implements Reactor<string> {
  readonly name = "uploads";
  private readonly tries = new Map<string, number>();
  private readonly swept = new Map<string, Millis>();

  constructor(
    private readonly world: BridgeWorld,
    private readonly roster: Pick<BridgeRoster, "of">,
  ) {}

  pending(state: State): Map<string, string> {
    return new Map(this.targets(state).map(({ repo }) => [uploadsKey(repo), repo]));
  }

  async perform(repo: string): Promise<Performed> {
    const chats = this.targets(this.world.state()).filter((chat) => chat.repo === repo);
    const team = runningIn(this.world.state(), repo);
    const [first] = chats;
    if (!team || !first) return {};
    const settings = team.settings[first.platform];
    await this.sweep(repo, settings);
    let wait = settings.outbox_poll_seconds * 1000;
    for (const upload of await this.world.files.waiting(repo, settings.files.outbound_dir)) {
      wait = Math.min(wait, await this.send(repo, team, upload, chats, settings));
    }
    return { again: wait };
  }

  /** Chats that take files, of teams that run. */
  private targets(state: State): Talking[] {
    return Object.values(state.bridges.chats).filter((chat): chat is Talking => {
      if (chat.platform === "wecom" || !this.roster.of(chat)?.bridge.abilities.canFiles) return false;
      return runningIn(state, chat.repo)?.settings[chat.platform].files.enabled === true;
    });
  }

  /** Milliseconds until the next look. */
  private async send(repo: string, team: Team, upload: Upload, chats: Talking[], rules: ChatSettings): Promise<Millis> {
    const { world } = this;
    const { files, outbox_poll_seconds } = rules;
    const poll = outbox_poll_seconds * 1000;
    const about = { file: upload.name, sha256: upload.sha256 };
    const give = async (reason: string) => {
      await world.files.failed(repo, files.outbound_dir, upload, reason);
      world.dispatch(observe({ type: "bridge.unuploaded", repo, ...about, reason }), DAEMON);
      return poll;
    };
    const misfit = misfitOf(upload, rules);
    if (misfit) return give(misfit);
    const bytes = await world.files.read(repo, files.outbound_dir, upload, files.max_mb * MB);
    if (holdsHidden(upload, bytes, team, chats)) return give("it holds what redact_patterns hide");
    for (const chat of chats.filter((one) => !one.uploads.includes(uploadKey(about)))) {
      const wait = await this.sendTo(chat, team, upload, bytes, give);
      if (wait !== null) return wait;
    }
    this.tries.delete(uploadKey(about));
    const receipt = {
      ...about,
      at: world.clock.now(),
      chats: chats.map(({ platform, chat }) => `${platform}:${chat}`),
    };
    await world.files.done(repo, files.outbound_dir, upload, receipt);
    return poll;
  }

  /** null = the chat has it; else the milliseconds to wait. */
  private async sendTo(
    chat: Talking,
    team: Team,
    upload: Upload,
    bytes: Uint8Array,
    give: (reason: string) => Promise<Millis>,
  ): Promise<Millis | null> {
    const place = { repo: chat.repo, platform: chat.platform, chat: chat.chat };
    const connection = this.roster.of(place);
    if (!connection) return Number.POSITIVE_INFINITY;
    const sent = await connection.send({ kind: "file", ...messageOf(upload, bytes, team, chat) });
    if (sent.is === "never") return give(sent.reason);
    if (sent.is === "wait")
      return sent.failure === undefined ? sent.ms : this.again(upload, sent.ms, () => give(sent.failure ?? ""));
    const about = { file: upload.name, sha256: upload.sha256 };
    this.world.dispatch(observe({ type: "bridge.uploaded", ...place, ...about, id: sent.id }), DAEMON);
    return null;
  }

  private async again(upload: Upload, ms: Millis, give: () => Promise<Millis>): Promise<Millis> {
    const key = uploadKey({ file: upload.name, sha256: upload.sha256 });
    const tries = (this.tries.get(key) ?? 0) + 1;
    this.tries.set(key, tries);
    if (tries < MOST_TRIES) return ms;
    this.tries.delete(key);
    return give();
  }

  private async sweep(repo: string, settings: ChatSettings): Promise<void> {
    const now = this.world.clock.now();
    if (now < (this.swept.get(repo) ?? Number.NEGATIVE_INFINITY) + SWEEP_MS) return;
    this.swept.set(repo, now);
    const { inbound_retention_days: inbound, outbound_retention_days: outbound, files } = settings;
    const folders = { inbound: files.inbound_dir, outbound: files.outbound_dir };
    await this.world.files.sweep(repo, folders, { inbound, outbound }, now);
  }
}

/** Why this file never goes; undefined = it may. */
function misfitOf({ size, mime }: Upload, { files }: ChatSettings): string | undefined {
  if (size > files.max_mb * MB) return `it has ${size} bytes; at most ${files.max_mb} MB`;
  return isAllowed(mime, files.allowed_mime) ? undefined : `${mime} is not allowed`;
}

const patternsOf = (team: Team, chats: Talking[]): string[] =>
  chats.flatMap(({ platform }) => rulesOf(team, platform).redact);

/** A file cannot be changed on its way: what hides something does not go. */
function holdsHidden({ mime }: Upload, bytes: Uint8Array, team: Team, chats: Talking[]): boolean {
  if (!mime.startsWith("text/")) return false;
  const text = new TextDecoder().decode(bytes);
  return redacted(text, patternsOf(team, chats)) !== text;
}

function messageOf(upload: Upload, bytes: Uint8Array, team: Team, chat: Talking) {
  const hide = (text: string) => redacted(text, rulesOf(team, chat.platform).redact);
  const { name, sha256, mime, caption, route, sendAs } = upload;
  const key = `file ${sha256} ${name} ${chat.platform}:${chat.chat} ${chat.since}`;
  return {
    chat: chat.chat,
    key,
    name: hide(name),
    mime,
    bytes,
    sendAs,
    caption: hide(`${NAMES[route]}${caption}`.trim()),
  };
}
