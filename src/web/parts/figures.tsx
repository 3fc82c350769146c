import type { ComponentChildren } from "preact";

interface FiguresProps {
  /** Read to whoever scrolls it by keys. */
  label: string;
  head: string[];
  rows: { key: string | number; cells: ComponentChildren[] }[];
}

/** A table of figures, which scrolls by itself where the page is narrow. */
export function Figures({ label, head, rows }: FiguresProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys (WCAG 2.1.1)
    <section class="scrolls" aria-label={label} tabIndex={0}>
      <table class="figures">
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, n) => (
                <td key={n}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
