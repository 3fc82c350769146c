/** What a notification shows, and where a click on it leads. */
export interface Shown {
  title: string;
  options: { body: string; tag: string; icon: string; data: { link: string } };
}

const HOME = "#/";

/** Is this a place of the page, and nothing else? */
export const isLink = (link: unknown): link is string => typeof link === "string" && /^#\/[\w%/.~-]{0,200}$/.test(link);

const textOf = (value: unknown, longest: number): string => (typeof value === "string" ? value.slice(0, longest) : "");

function fieldsOf(text: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Something is shown whatever came: browsers ask that of every push. */
export function shownOf(text: string): Shown {
  const { title, body, link, tag } = fieldsOf(text);
  return {
    title: textOf(title, 200) || "Something needs you",
    options: {
      ...{ body: textOf(body, 600), tag: textOf(tag, 40) || "muster", icon: "/assets/icon-192.png" },
      data: { link: isLink(link) ? link : HOME },
    },
  };
}
