const BROWSERS: [sign: RegExp, name: string][] = [
  [/\bEdg(?:A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/(?:Chrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: [sign: RegExp, name: string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

const named = (from: [RegExp, string][], text: string): string | undefined =>
  from.find(([sign]) => sign.test(text))?.[1];

/** What a person calls this browser: `Chrome on Android`. */
export function labelOf(userAgent: string): string {
  const system = named(SYSTEMS, userAgent);
  return `${named(BROWSERS, userAgent) ?? "A browser"}${system ? ` on ${system}` : ""}`;
}
