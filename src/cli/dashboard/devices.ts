import type { DeviceRow, Tried } from "../../core/push/api.ts";
import { Refusal } from "../../core/refusal.ts";
import { type Call, text } from "../command.ts";
import { line, padded } from "../style.ts";

/** What is asked of the devices; each stands alone. */
const ASKS = ["devices", "forget", "test"] as const;
type Ask = (typeof ASKS)[number];

/** What was asked of the devices; null = the page itself is meant. */
export function deviceAsk({ flags }: Pick<Call, "flags">): Ask | null {
  const given = Object.keys(flags).filter(
    (name) => name !== "json" && flags[name] !== undefined && flags[name] !== false,
  );
  const ask = ASKS.find((one) => given.includes(one));
  const [other] = given.filter((name) => name !== ask);
  if (ask && other) throw new Refusal("usage", `--${ask} does not go with --${other}`, "give one of them");
  return ask ?? null;
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");

function rowLine({ device, label, addedAt, last }: DeviceRow, width: number): string {
  const now = !last ? "not notified yet" : last.reason === "" ? `notified ${day(last.at)}Z` : last.reason;
  return `${device}  ${padded(line(label), width)}  since ${day(addedAt)}Z  ${line(now)}`;
}

function listed(rows: DeviceRow[]): string[] {
  const width = Math.max(0, ...rows.map(({ label }) => Bun.stringWidth(line(label))));
  if (rows.length > 0) return rows.map((row) => rowLine(row, width));
  return ["No device is notified. Open the page on it: Notifications, Notify this device."];
}

const triedLine = ({ device, label, isSent, reason }: Tried): string =>
  `${device}  ${line(label)}  ${isSent ? "sent" : `not sent: ${line(reason)}`}`;

/** Lists, tests or removes the devices that are told what needs a person. */
export async function askDevices(ask: Ask, { daemon, flags, isJson, print }: Call): Promise<number> {
  const client = await daemon();
  const show = <T>(answer: T, lines: string[]): void => print(isJson ? JSON.stringify(answer) : lines.join("\n"));
  if (ask === "forget") {
    const id = text(flags, "forget") ?? "";
    const gone = await client.delete<{ device: string }>(`/api/devices/${encodeURIComponent(id)}`);
    show(gone, [`${line(gone.device)} is notified no more.`]);
    return 0;
  }
  if (ask === "test") {
    const tried = await client.post<Tried[]>("/api/devices/test", {});
    show(tried, tried.map(triedLine));
    return tried.every(({ isSent }) => isSent) ? 0 : 1;
  }
  const rows = await client.get<DeviceRow[]>("/api/devices");
  show(rows, listed(rows));
  return 0;
}
