import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface LongListProps<T> {
  rows: readonly T[];
  /** Height of each row, in pixels. */
  height: number;
  label: string;
  keyOf(row: T): string | number;
  draw(row: T): ComponentChildren;
  /** Somebody has come near the end. */
  atEnd?(): void;
  /** Stay at the top while new rows come. */
  follows?: boolean;
}

/** Rows drawn above and below of what is seen. */
const SPARE = 12;

/** A list of any length: only the rows that are seen exist. Rows that come at the top do not move what is read. */
export function LongList<T>({ rows, height, label, keyOf, draw, atEnd, follows = true }: LongListProps<T>) {
  const box = useRef<HTMLOListElement>(null);
  const seen = useSignal({ top: 0, high: 800 });
  const newest = rows[0] === undefined ? undefined : keyOf(rows[0]);
  const before = useRef<{ first: string | number | undefined; length: number }>({ first: newest, length: rows.length });
  const look = () => {
    const frame = box.current;
    if (!frame) return;
    seen.value = { top: frame.scrollTop, high: frame.clientHeight };
    if (frame.scrollTop + frame.clientHeight > rows.length * height - 600) atEnd?.();
  };
  useEffect(() => {
    const frame = box.current;
    const { first, length } = before.current;
    if (frame && first !== newest && rows.length > length) {
      const added = rows.findIndex((row) => keyOf(row) === first);
      if (added > 0 && (frame.scrollTop > 0 || !follows)) frame.scrollTop += added * height;
    }
    before.current = { first: newest, length: rows.length };
    look();
  }, [newest, rows.length]);
  useEffect(() => {
    if (!box.current) return;
    const watcher = new ResizeObserver(look);
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  const from = Math.max(0, Math.floor(seen.value.top / height) - SPARE);
  const to = Math.min(rows.length, Math.ceil((seen.value.top + seen.value.high) / height) + SPARE);
  return (
    <ol class="long" ref={box} onScroll={look} aria-label={label}>
      <li class="whole" aria-hidden="true" style={{ height: `${rows.length * height}px` }} />
      {rows.slice(from, to).map((row, n) => (
        <li
          class="row"
          key={keyOf(row)}
          style={{ transform: `translateY(${(from + n) * height}px)`, height: `${height}px` }}
        >
          {draw(row)}
        </li>
      ))}
    </ol>
  );
}
