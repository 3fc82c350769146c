import { openClient } from "../client/client.ts";
import { Refusal } from "../core/refusal.ts";

/** Its origin includes the port, unlike a cookie's; it ends with the tab. */
const KEY = "muster.token";

/** The token of this tab; null = nobody is logged in. */
export const keptToken = (): string | null => sessionStorage.getItem(KEY);

export const forgetToken = (): void => sessionStorage.removeItem(KEY);

/**
 * Takes the one-time code out of the address at once, and exchanges it for this tab's token. Nothing else is ever taken from
 * the address but which agent is shown. The result says why nobody is logged in.
 */
export async function login(): Promise<string | null> {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code === null) return keptToken() === null ? "" : null;
  history.replaceState(null, "", location.pathname);
  try {
    const { token } = await openClient({}).post<{ token: string }>("/auth/exchange", { code });
    sessionStorage.setItem(KEY, token);
    return null;
  } catch (error) {
    if (keptToken() !== null) return null;
    return error instanceof Refusal ? error.message : String(error);
  }
}
