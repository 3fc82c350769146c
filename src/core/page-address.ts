/** Where in the page something is: a view, and what of it. */
export interface PageAddress<P extends string = string> {
  place: P;
  /** An agent, a team, a job; empty = the place itself. */
  id: string;
}

/** As the page's own addresses end. */
export const hashOf = ({ place, id }: PageAddress): string =>
  `#/${place === "home" ? "" : place}${id === "" ? "" : `/${encodeURIComponent(id)}`}`;
