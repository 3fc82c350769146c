import { signal } from "@preact/signals";
import { deviceIdOf } from "../../core/push/port.ts";
import { api, say, state } from "../store.ts";
import { labelOf } from "./label.ts";

/** Can this browser be told, and is it? `insecure`: it came by http; `unable`: the browser has no web push. */
export type Standing = "on" | "off" | "blocked" | "insecure" | "unable";

const SCRIPT = "/worker.js";

/** The device that this browser's subscription makes it; empty = it has none. */
export const own = signal("");
/** Something is asked of the browser. */
export const isBusy = signal(false);
/** Rises whenever the browser may say something else than before. */
const looked = signal(0);

export function standing(): Standing {
  void looked.value;
  if (!window.isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return "unable";
  if (Notification.permission === "denied") return "blocked";
  return own.value !== "" && Object.hasOwn(state.value?.pushes.devices ?? {}, own.value) ? "on" : "off";
}

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");

const deviceOf = async ({ endpoint }: PushSubscription): Promise<string> =>
  deviceIdOf(hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint))));

const current = async (): Promise<PushSubscription | null> =>
  (await (await navigator.serviceWorker?.getRegistration("/"))?.pushManager?.getSubscription()) ?? null;

/** Finds out what this browser is now. */
export async function look(): Promise<void> {
  const found = window.isSecureContext ? await current() : null;
  own.value = found ? await deviceOf(found) : "";
  looked.value += 1;
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

/** A subscription for the messages of this daemon; one that was made for another is ended. */
async function subscribed(): Promise<PushSubscription> {
  await navigator.serviceWorker.register(SCRIPT, { scope: "/", updateViaCache: "none" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const key = bytesOf((await api().get<{ key: string }>("/api/devices/key")).key);
  const found = await pushManager.getSubscription();
  const known = new Uint8Array(found?.options.applicationServerKey ?? new ArrayBuffer(0));
  if (found && known.length === key.length && known.every((byte, at) => byte === key[at])) return found;
  await found?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function enlist(): Promise<void> {
  const made = await subscribed();
  const { endpoint, keys = {} } = made.toJSON();
  try {
    const { p256dh, auth } = keys;
    await api().post("/api/devices", { endpoint, p256dh, auth, label: labelOf(navigator.userAgent) });
  } catch (error) {
    await made.unsubscribe();
    throw error;
  }
}

/** Does what a person asked for; what goes wrong is said, whoever said it. */
async function busily(work: () => Promise<void>): Promise<void> {
  if (isBusy.value) return;
  isBusy.value = true;
  try {
    await work();
  } catch (error) {
    const hint = (error as { hint?: string }).hint ?? "";
    say(`${error instanceof Error ? error.message : String(error)}${hint ? `; ${hint}` : ""}`);
  } finally {
    await look().catch(() => {});
    isBusy.value = false;
  }
}

export const turnOn = (): Promise<void> =>
  busily(async () => {
    // First of all: browsers ask only while they answer a click.
    const permission = await Notification.requestPermission();
    if (permission === "granted") return enlist();
    say(
      permission === "denied"
        ? "the browser blocks it"
        : "the browser was not allowed to notify; click again to be asked",
    );
  });

/** A device is told no more; the browser's own subscription ends, too, where it is this one. */
export const remove = (device: string): Promise<void> =>
  busily(async () => {
    const isOwn = device === own.value;
    await api().delete(`/api/devices/${encodeURIComponent(device)}`);
    if (isOwn) await (await current())?.unsubscribe();
  });

export const test = (device: string): Promise<void> =>
  busily(async () => {
    const [tried] = await api().post<{ isSent: boolean; reason: string }[]>("/api/devices/test", { device });
    say(tried?.isSent ? "sent; it shows within seconds, unless the system is silent" : `not sent: ${tried?.reason}`);
  });
