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

/** The same of work that ends later: code, message and hint; each is undefined when it is granted. */
export async function refusalOf(asked: Promise<unknown>): Promise<unknown[]> {
  const { code, message, hint } = (await asked.then(
    () => ({}),
    (error) => error,
  )) as { code?: string; message?: string; hint?: string };
  return [code, message, hint];
}
