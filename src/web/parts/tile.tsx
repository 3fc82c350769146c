/** One figure with its word; unknown figures come as words. */
export function Tile({ n, word, tone = "" }: { n: string | number; word: string; tone?: string }) {
  return (
    <div class={`tile ${tone}`}>
      <b>{n}</b> <span>{word}</span>
    </div>
  );
}
