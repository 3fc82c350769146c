import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Refusal } from "../../core/refusal.ts";
import { api } from "../store.ts";

/** What the daemon was asked: nothing yet, its answer, or why there is none. */
export type Asked<T> = { answer: T } | { refusal: string } | null;

/** Asks the daemon, and again whenever `version` changes; the answer before stands until the next has come. */
export function useAsked<T>(path: string, version: unknown): ReadonlySignal<Asked<T>> {
  const asked = useSignal<Asked<T>>(null);
  useEffect(() => {
    let isGone = false;
    api()
      .get<T>(path)
      .then(
        (answer) => {
          if (!isGone) asked.value = { answer };
        },
        (error: unknown) => {
          const words =
            error instanceof Refusal ? [error.message, error.hint].filter(Boolean).join("; ") : String(error);
          if (!isGone) asked.value = { refusal: words };
        },
      );
    return () => {
      isGone = true;
    };
  }, [path, version]);
  return asked;
}
