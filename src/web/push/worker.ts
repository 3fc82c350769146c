import { isLink, shownOf } from "./shown.ts";

/** What is used of a browser's worker; the library of TypeScript has it for a program of its own only. */
interface Work {
  waitUntil(work: Promise<unknown>): void;
}
interface Tab {
  focused: boolean;
  visibilityState: string;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}
interface Shell {
  addEventListener(type: "install" | "activate", hear: (event: Work) => void): void;
  addEventListener(type: "push", hear: (event: Work & { data: { text(): string } | null }) => void): void;
  addEventListener(type: "notificationclick", hear: (event: Work & { notification: Notification }) => void): void;
  skipWaiting(): Promise<void>;
  clients: {
    claim(): Promise<void>;
    matchAll(which: { type: "window"; includeUncontrolled: true }): Promise<Tab[]>;
    openWindow(address: string): Promise<unknown>;
  };
  registration: { showNotification(title: string, options: NotificationOptions): Promise<void> };
}

const shell = self as unknown as Shell;

/** The tab in front, else one that is seen, else any; without a tab a new one. */
async function lead(link: string): Promise<void> {
  const tabs = await shell.clients.matchAll({ type: "window", includeUncontrolled: true });
  const tab = tabs.find(({ focused }) => focused) ?? tabs.find((one) => one.visibilityState === "visible") ?? tabs[0];
  if (!tab) return void (await shell.clients.openWindow(`/${link}`));
  tab.postMessage({ goTo: link });
  await tab.focus();
}

// It keeps nothing and answers no request: only pushes, and clicks on what they showed.
shell.addEventListener("install", (event) => event.waitUntil(shell.skipWaiting()));
shell.addEventListener("activate", (event) => event.waitUntil(shell.clients.claim()));
shell.addEventListener("push", (event) => {
  const { title, options } = shownOf(event.data?.text() ?? "");
  event.waitUntil(shell.registration.showNotification(title, options));
});
shell.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { link } = (event.notification.data ?? {}) as { link?: unknown };
  event.waitUntil(lead(isLink(link) ? link : "#/"));
});
