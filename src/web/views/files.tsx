import { signal } from "@preact/signals";
import type { CliEntry, CliFolder, CliFound, CliHome, CliText } from "../../core/cli-home.ts";
import { useAsked } from "../agent/asked.ts";
import { Markdown } from "../parts/markdown.tsx";
import { bytes, clock, day } from "../words.ts";

const folder = signal("");
const file = signal<string | null>(null);
/** Where the piece that is shown begins, and those before it. */
const pieces = signal<number[]>([0]);
const words = signal("");
const asRead = signal(true);

const above = (path: string): string => path.split("/").slice(0, -1).join("/");
const within = (path: string, name: string): string => (path === "" ? name : `${path}/${name}`);

function openFile(path: string): void {
  folder.value = above(path);
  file.value = path;
  pieces.value = [0];
}

function openFolder(path: string): void {
  folder.value = path;
  file.value = null;
}

function Trail({ home }: { home: string }) {
  const parts = folder.value.split("/").filter(Boolean);
  return (
    <nav class="trail" aria-label="Folder">
      <button type="button" class="link" onClick={() => openFolder("")}>
        {home}
      </button>
      {parts.map((name, n) => (
        <span key={n}>
          {" / "}
          <button type="button" class="link" onClick={() => openFolder(parts.slice(0, n + 1).join("/"))}>
            {name}
          </button>
        </span>
      ))}
    </nav>
  );
}

function Entry({ entry: { name, kind, bytes: size, changedAt, isWithheld } }: { entry: CliEntry }) {
  const path = within(folder.value, name);
  if (isWithheld)
    return (
      <li>
        <span class="grow faint">{name}</span>
        <span class="faint">withheld: it may hold credentials, or leads out of here</span>
      </li>
    );
  return (
    <li class={file.value === path ? "on" : ""}>
      <button
        type="button"
        class="link grow"
        data-step
        onClick={() => (kind === "folder" ? openFolder(path) : openFile(path))}
      >
        {kind === "folder" ? `${name}/` : name}
      </button>
      {kind === "file" && <span class="faint">{bytes(size)}</span>}
      <span class="faint">
        {day(changedAt)}, {clock(changedAt)}
      </span>
    </li>
  );
}

function Folder() {
  const found = useAsked<CliFolder>(`/api/ecosystem/tree?path=${encodeURIComponent(folder.value)}`, file.value).value;
  if (!found) return null;
  if ("refusal" in found) return <p class="empty">{found.refusal}</p>;
  const { entries, more } = found.answer;
  return (
    <>
      {entries.length === 0 && <p class="empty">This folder is empty.</p>}
      <ul class="rows">
        {entries.map((entry) => (
          <Entry key={entry.name} entry={entry} />
        ))}
      </ul>
      {more > 0 && <p class="faint">{more} more are not listed.</p>}
    </>
  );
}

function Text({ path }: { path: string }) {
  const from = pieces.value.at(-1) ?? 0;
  const found = useAsked<CliText>(`/api/ecosystem/file?path=${encodeURIComponent(path)}&from=${from}`, path).value;
  if (!found) return null;
  if ("refusal" in found) return <p class="empty">{found.refusal}</p>;
  const { text, bytes: size, next } = found.answer;
  const isMarkdown = /\.(?:md|markdown)$/i.test(path);
  return (
    <>
      <h2>
        {path} <span class="faint">{bytes(size)}; secrets are masked</span>
        {isMarkdown && (
          <button type="button" class="small" onClick={() => (asRead.value = !asRead.value)}>
            {asRead.value ? "As written" : "As read"}
          </button>
        )}
      </h2>
      {text === "" && <p class="empty">This file is empty.</p>}
      {isMarkdown && asRead.value ? <Markdown text={text} /> : <pre class="file-text">{text}</pre>}
      <p class="ways">
        {pieces.value.length > 1 && (
          <button type="button" onClick={() => (pieces.value = pieces.value.slice(0, -1))}>
            Before
          </button>
        )}
        {next !== undefined && (
          <button type="button" onClick={() => (pieces.value = [...pieces.value, next])}>
            Further
          </button>
        )}
      </p>
    </>
  );
}

function Hits() {
  const found = useAsked<CliFound>(`/api/ecosystem/search?q=${encodeURIComponent(words.value.trim())}`, "").value;
  if (!found) return null;
  if ("refusal" in found) return <p class="empty">{found.refusal}</p>;
  const { hits, isCut } = found.answer;
  return (
    <>
      {hits.length === 0 && <p class="empty">Nothing here has these words.</p>}
      <ul class="rows">
        {hits.map(({ path, line, text }, n) => (
          <li key={n}>
            <button type="button" class="link" data-step onClick={() => openFile(path)}>
              {path}
              {line > 0 && `:${line}`}
            </button>
            <code class="grow">{line > 0 && text}</code>
          </li>
        ))}
      </ul>
      {isCut && <p class="faint">There may be more: the search ends after 100 places or 2,000 files.</p>}
    </>
  );
}

/** The folder in which the CLI keeps its settings, skills and sessions, to be read (A100). */
export function Files() {
  const asked = useAsked<CliHome>("/api/ecosystem/overview", "").value;
  if (!asked) return null;
  if ("refusal" in asked) return <p class="empty">{asked.refusal}</p>;
  const { folder: home, parts } = asked.answer;
  if (parts.length === 0)
    return <p class="empty">Claude Code has nothing in {home} yet. It makes that folder when it first runs.</p>;
  return (
    <>
      <div class="filters" role="toolbar" aria-label="Parts">
        {parts.map(({ path, kind, files }) => (
          <button
            type="button"
            key={path}
            class={(file.value ?? folder.value).startsWith(path) ? "chip on" : "chip"}
            onClick={() => (kind === "folder" ? openFolder(path) : openFile(path))}
          >
            {path} {kind === "folder" && <span class="faint">{files}</span>}
          </button>
        ))}
        <input
          type="search"
          aria-label="Search"
          placeholder="Search in all files"
          value={words.value}
          onInput={(event) => (words.value = event.currentTarget.value)}
        />
      </div>
      <div class="columns">
        <section aria-label="Files">
          {words.value.trim().length >= 2 ? (
            <Hits key={words.value} />
          ) : (
            <>
              <Trail home={home} />
              <Folder key={folder.value} />
            </>
          )}
        </section>
        <section aria-label="File">
          {file.value === null ? (
            <p class="empty">Choose a file. It is only shown: nothing here changes it.</p>
          ) : (
            <Text key={file.value} path={file.value} />
          )}
        </section>
      </div>
    </>
  );
}
