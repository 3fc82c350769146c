import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { close } from "./overlays.ts";

/**
 * What lies over the page. The browser's own dialog keeps the focus inside, ends it with Esc, and gives the focus back to where
 * it was.
 */
export function Sheet({ label, kind, children }: { label: string; kind: string; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      class={`sheet ${kind}`}
      aria-label={label}
      onClose={close}
      onClick={(event) => {
        // The dialog itself is what lies around its content.
        if (event.target === box.current) close();
      }}
      onKeyDown={() => {}}
    >
      <div class="inside">{children}</div>
    </dialog>
  );
}
