import { Refusal } from "../refusal.ts";

/** The services of Chrome, Firefox, Safari and Edge; a dot in front stands for any name below. */
const SERVICES = ["fcm.googleapis.com", ".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com"];
const LONGEST = 2048;

const isService = (host: string, more: readonly string[]): boolean =>
  more.includes(host) || SERVICES.some((one) => (one.startsWith(".") ? host.endsWith(one) : host === one));

/**
 * Where a browser wants to be told, if that is a push service: the daemon opens a connection to whatever this names, so it is one
 * of few hosts, by https, at the usual port (docs/security.md). `more`: hosts that the person's config.yaml names, with their port.
 */
export function pushEndpoint(given: string, more: readonly string[]): URL {
  const url = given.length <= LONGEST && URL.canParse(given) ? new URL(given) : null;
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "")
    throw new Refusal("usage", "endpoint: an https address of a push service is needed");
  if (isService(url.host, more)) return url;
  const hint = `allow it in config.yaml of Muster's home: web: { push_hosts: ["${url.host}"] }`;
  throw new Refusal("usage", `endpoint: ${url.host} is no push service that is known`, hint);
}
