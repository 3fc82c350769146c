/** What a call is refused with: code, message, and the next step when there is one; empty = it is granted. */
export function refusal(ask: () => unknown): unknown[] {
  try {
    ask();
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string };
    return [code, message, ...(hint ? [hint] : [])];
  }
  return [];
}
