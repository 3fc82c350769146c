import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { FakePushHost } from "../fakes/push-service.ts";
import { CHROMIUM, hasChromium, heard, openBrowser, openStage, type Stage } from "./stage.ts";

let stage: Stage;
let browser: Browser;
let host: FakePushHost;
let page: Page;
const it = test.skipIf(!hasChromium);
if (!hasChromium) console.warn(`skipped: no Chromium at ${CHROMIUM}`);

const devices = () => page.getByRole("region", { name: "Devices", exact: true });
const button = (name: string) => devices().getByRole("button", { name, exact: true });
const context = (): BrowserContext => page.context();

beforeAll(async () => {
  if (!hasChromium) return;
  host = new FakePushHost();
  [stage, browser] = await Promise.all([openStage({ post: host.post }), openBrowser()]);
  page = await stage.page(browser, undefined, "#/notifications");
}, 30_000);
afterAll(async () => {
  if (!hasChromium) return;
  await browser.close();
  await stage.end();
  await host.stop();
}, 30_000);

/** No push service is reached from a test: what the browser would have made of it comes from the fake one. */
async function withSubscriptions(): Promise<void> {
  await context().exposeFunction("subscribeAtHost", (name: string, key: string) => host.subscribe(name, key));
  await page.evaluate(() => {
    let made: object | null = null;
    const base64 = (key: ArrayBuffer) =>
      btoa(String.fromCharCode(...new Uint8Array(key)))
        .replaceAll("+", "-")
        .replaceAll("/", "_")
        .replaceAll("=", "");
    PushManager.prototype.getSubscription = async () => made as PushSubscription;
    PushManager.prototype.subscribe = async (given) => {
      const { userVisibleOnly, applicationServerKey: key } = given ?? {};
      if (!userVisibleOnly || !(key instanceof Uint8Array) || key.length !== 65)
        throw new Error("refused by the browser");
      const bytes = new Uint8Array(key).buffer;
      const ask = (window as unknown as { subscribeAtHost(...it: string[]): Promise<Record<string, string>> })
        .subscribeAtHost;
      const { endpoint = "", p256dh = "", auth = "" } = await ask("phone", base64(bytes));
      made = {
        ...{ endpoint, options: { applicationServerKey: bytes } },
        toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
        unsubscribe: async () => {
          made = null;
          return true;
        },
      };
      return made as PushSubscription;
    };
  });
}

const fail = (): never => {
  throw new Error("nothing has arrived");
};

/** What the worker has shown and nobody has taken away. */
const shown = (): Promise<{ title: string; body: string; link: string }[]> =>
  page.evaluate(async () => {
    const all = await (await navigator.serviceWorker.ready).getNotifications();
    return all.map(({ title, body, data }) => ({ title, body, link: data.link }));
  });

/** Hands a message to the worker, as the browser does when it has opened one. */
async function deliver(data: string): Promise<void> {
  const debug = await context().newCDPSession(page);
  const registered = Promise.withResolvers<string>();
  debug.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    if (registrations[0]) registered.resolve(registrations[0].registrationId);
  });
  await debug.send("ServiceWorker.enable");
  const { origin } = new URL(page.url());
  const registrationId = await registered.promise;
  await debug.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
}

const again = async (change: () => void): Promise<void> => {
  await page.evaluate(change);
  await page.getByRole("link", { name: /^Home/ }).click();
  await page.getByRole("link", { name: /^Notifications/ }).click();
};

it("the page says why a browser cannot be notified, and what to do; nothing is registered before somebody wants it", async () => {
  await button("Notify this device").waitFor();
  await again(() => Object.defineProperty(Notification, "permission", { get: () => "denied", configurable: true }));
  await devices().getByText("This browser blocks notifications of this page.").waitFor();
  await context().grantPermissions(["notifications"]);
  await again(() => Object.defineProperty(Notification, "permission", { get: () => "granted" }));
  await again(() => Object.defineProperty(window, "isSecureContext", { value: false, configurable: true }));
  await devices().getByText("through a tunnel with https").waitFor();
  await again(() => {
    Object.defineProperty(window, "isSecureContext", { value: true });
    Object.assign(window, { kept: PushManager });
    Reflect.deleteProperty(window, "PushManager");
  });
  await devices().getByText("add the page to the home screen first").waitFor();
  expect(await devices().getByRole("button").count()).toBe(0);
  await again(() => Object.assign(window, { PushManager: (window as unknown as { kept: unknown }).kept }));
  await button("Notify this device").waitFor();
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
}, 20_000);

it("a device that a person turns on is told once, sealed, that an agent asks, and a click leads there", async () => {
  await withSubscriptions();
  await button("Notify this device").click();
  await devices().getByRole("listitem").getByText("this device").waitFor();
  expect(await devices().getByRole("listitem").locator("b").textContent()).toBe("Chrome on Linux");
  const agent = await stage.start("ASK: Bash touch asked.txt");
  await host.until(1);
  const [{ text, claims } = fail()] = host.arrived;
  expect([text.title, text.link]).toEqual([`${agent} asks to use Bash`, `#/agents/${agent}`]);
  expect([claims.aud, JSON.stringify(text)]).toEqual([
    "https://fcm.googleapis.com",
    expect.not.stringContaining("asked.txt"),
  ]);
  await deliver(JSON.stringify(text));
  await page.waitForFunction(async () => (await (await navigator.serviceWorker.ready).getNotifications()).length > 0);
  expect(await shown()).toEqual([{ title: text.title, body: text.body, link: text.link }]);
  await page.getByRole("link", { name: /^Home/ }).click();
  await context().serviceWorkers()[0]?.evaluate(clickFirst);
  await page.locator(".question", { hasText: "touch asked.txt" }).waitFor();
  expect([new URL(page.url()).hash, await shown()]).toEqual([`#/agents/${agent}`, []]);
  await page.getByRole("button", { name: "Deny" }).click();
  await heard(stage, (fact) => fact.type === "push.settled");
  expect([host.arrived.length, host.complaints]).toEqual([1, []]);
  expect(await page.evaluate(async () => (await caches.keys()).length)).toBe(0);
}, 30_000);

/** In the worker: somebody clicks on what it shows. */
async function clickFirst(): Promise<void> {
  const shell = self as unknown as { registration: ServiceWorkerRegistration } & EventTarget;
  const [notification] = await shell.registration.getNotifications();
  const Click = (globalThis as unknown as { NotificationEvent: new (type: string, of: object) => Event })
    .NotificationEvent;
  shell.dispatchEvent(new Click("notificationclick", { notification }));
}

it("a test is sent from the page; a device goes by its button, or when its browser has ended it", async () => {
  await page.getByRole("link", { name: /^Notifications/ }).click();
  const before = host.arrived.length;
  await button("Send a test").click();
  await page.locator(".toast", { hasText: "sent; it shows within seconds" }).waitFor();
  expect(host.arrived.slice(before).map(({ text }) => text.title)).toEqual(["A test from Muster"]);
  await devices().getByRole("button", { name: "Remove Chrome on Linux" }).click();
  // It can be clicked when the browser has ended its subscription, too.
  await button("Notify this device").click({ trial: true });
  const subscription = () =>
    page.evaluate(async () => (await navigator.serviceWorker.ready).pushManager.getSubscription());
  expect(await subscription()).toBeNull();
  await button("Notify this device").click();
  await button("Send a test").waitFor();
  host.unsubscribe("phone");
  await button("Send a test").click();
  await page.locator(".toast", { hasText: "not sent: its browser has ended it (410)" }).waitFor();
  await button("Notify this device").waitFor();
  const told = stage.daemon.log.read(0).flatMap((fact) => (fact.type === "device.removed" ? [fact.reason] : []));
  expect([told, await devices().getByRole("listitem").count()]).toEqual([
    ["by you", "its browser has ended it (410)"],
    0,
  ]);
}, 20_000);
