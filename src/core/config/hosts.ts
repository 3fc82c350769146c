import { Refusal } from "../refusal.ts";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const SHAPE = new RegExp(`^${LABEL}(?:\\.${LABEL}){1,9}(?::[1-9]\\d{0,4})?$`);

/** Is this a host as browsers name it: in small letters, its port only where it is not the usual one, no wildcard? */
export const isHost = (text: string): boolean => SHAPE.test(text);

const LONGEST = 300;

/** The address of a page behind a tunnel: a host alone, for the login comes after it. */
export function pageAddress(given: string): URL {
  const refuse = (why: string) =>
    new Refusal("usage", `${given.slice(0, LONGEST)} ${why}`, "such as https://my-tunnel.example");
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url || given.length > LONGEST) throw refuse("is no address");
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse("is neither https nor http");
  if (url.username !== "" || url.password !== "") throw refuse("holds a login");
  if (/[?#]/.test(given)) throw refuse("holds a query or a fragment");
  if (url.pathname !== "/") throw refuse("holds a path: the page stands at the top of its host");
  return url;
}
