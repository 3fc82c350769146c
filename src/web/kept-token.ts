/** Its origin includes the port, unlike a cookie's; it ends with the tab. */
const KEY = "muster.token";

/** The token of this tab; null = nobody is logged in. */
export const keptToken = (): string | null => sessionStorage.getItem(KEY);

export const keepToken = (token: string): void => sessionStorage.setItem(KEY, token);

export const forgetToken = (): void => sessionStorage.removeItem(KEY);
