/** A click on a notification leads an open page to its place. Nothing of the worker's own files is imported: it must stay one file. */
export function hearClicks(): void {
  const worker = navigator.serviceWorker;
  worker?.addEventListener("message", ({ data }: MessageEvent<{ goTo?: unknown } | null>) => {
    const link = data?.goTo;
    if (typeof link === "string" && link.startsWith("#/")) location.hash = link;
  });
  worker?.startMessages();
}
