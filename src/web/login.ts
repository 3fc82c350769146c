import { openClient } from "../client/client.ts";
import { Refusal } from "../core/refusal.ts";
import { keepToken, keptToken } from "./kept-token.ts";

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
    keepToken(token);
    return null;
  } catch (error) {
    if (keptToken() !== null) return null;
    return error instanceof Refusal ? error.message : String(error);
  }
}
