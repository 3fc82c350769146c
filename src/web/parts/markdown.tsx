import { lexer, type Token, type Tokens } from "marked";
import type { ComponentChildren } from "preact";
import { say } from "../store.ts";
import { Code } from "./code.tsx";

/** Only these lead out of the page; anything else is shown as the words it is. */
const isWebAddress = (href: string): boolean => /^https?:\/\//i.test(href);

/** A link names where it leads before it leads there, and a click asks first. */
function Link({ href, children }: { href: string; children: ComponentChildren }) {
  if (!isWebAddress(href)) return <span title={href}>{children}</span>;
  return (
    <a
      href={href}
      title={href}
      target="_blank"
      rel="noopener noreferrer"
      onClick={(event) => {
        if (event.shiftKey) return;
        event.preventDefault();
        say(`${href}: Shift and a click opens it`);
      }}
    >
      {children}
    </a>
  );
}

const inner = ({ tokens, text }: { tokens?: Token[]; text?: string }): ComponentChildren =>
  tokens ? tokens.map((token, n) => <Node key={n} of={token} />) : text;

function Table({ of }: { of: Tokens.Table }) {
  return (
    <table>
      <thead>
        <tr>
          {of.header.map((cell, n) => (
            <th key={n}>{inner(cell)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {of.rows.map((row, n) => (
          <tr key={n}>
            {row.map((cell, at) => (
              <td key={at}>{inner(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function List({ of }: { of: Tokens.List }) {
  const items = of.items.map((item, n) => (
    <li key={n}>
      {item.task && (item.checked ? "☑ " : "☐ ")}
      {inner(item)}
    </li>
  ));
  return of.ordered ? <ol start={Number(of.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

/** Headings of a text stand below those of the page. */
const HEADINGS = ["h3", "h4", "h5", "h6"] as const;

function Heading({ of }: { of: Tokens.Heading }) {
  const Tag = HEADINGS[Math.min(of.depth, HEADINGS.length) - 1] ?? "h3";
  return <Tag>{inner(of)}</Tag>;
}

/** `Code, ts, 120 lines`. */
function codeName({ lang, text }: Tokens.Code): string {
  const lines = text.split("\n").length;
  return ["Code", lang?.trim(), lines === 1 ? "1 line" : `${lines} lines`].filter(Boolean).join(", ");
}

const DRAWN: Record<string, (of: never) => ComponentChildren> = {
  heading: (of: Tokens.Heading) => <Heading of={of} />,
  paragraph: (of: Tokens.Paragraph) => <p>{inner(of)}</p>,
  list: (of: Tokens.List) => <List of={of} />,
  table: (of: Tokens.Table) => <Table of={of} />,
  blockquote: (of: Tokens.Blockquote) => <blockquote>{inner(of)}</blockquote>,
  code: (of: Tokens.Code) => <Code text={of.text} label={codeName(of)} />,
  codespan: (of: Tokens.Codespan) => <code>{of.text}</code>,
  strong: (of: Tokens.Strong) => <strong>{inner(of)}</strong>,
  em: (of: Tokens.Em) => <em>{inner(of)}</em>,
  del: (of: Tokens.Del) => <del>{inner(of)}</del>,
  link: (of: Tokens.Link) => <Link href={of.href}>{inner(of)}</Link>,
  image: (of: Tokens.Image) => <span class="faint">[image: {of.text || of.href}]</span>,
  br: () => <br />,
  hr: () => <hr />,
  space: () => null,
  def: () => null,
};

/** One token as a node. Whatever is not known, HTML above all, is shown as the text that it is. */
function Node({ of }: { of: Token }): ComponentChildren {
  const draw = Object.hasOwn(DRAWN, of.type) ? DRAWN[of.type] : undefined;
  if (draw) return <>{draw(of as never)}</>;
  const { tokens, text, raw } = of as Tokens.Generic;
  return <>{of.type === "text" || of.type === "escape" ? inner({ ...(tokens ? { tokens } : {}), text }) : raw}</>;
}

/** A foreign text in markdown, drawn by nodes of our own: no HTML of it reaches the page. */
export function Markdown({ text }: { text: string }) {
  return (
    <div class="markdown">
      {lexer(text).map((token, n) => (
        <Node key={n} of={token} />
      ))}
    </div>
  );
}
