// The page that shows the panel, as the panel sees it. The server has written
// into the document which origins may show it, the same that the browser holds
// it to by frame-ancestors: nothing is taken from another and nothing sent to
// another.
import { version, type ToHost, type ToPanel } from "./contract";

const origins = (document.documentElement.dataset.origins ?? "").split(" ").filter(Boolean);
const framed = parent !== window;

// Until the page has spoken, the browser says where it is from: Firefox does so
// by the referrer alone.
function guess(): string {
  let from: string | undefined = location.ancestorOrigins?.[0];
  try {
    from ??= new URL(document.referrer).origin;
  } catch {
    // No referrer.
  }
  return from !== undefined && origins.includes(from) ? from : "";
}

let to = guess();

export const host = {
  framed,
  /** The page's origin; empty if it is not known yet. */
  origin: () => to,
  send(message: ToHost) {
    if (!framed) return;
    // A browser delivers none to a page of another origin.
    for (const origin of to ? [to] : origins) parent.postMessage({ whetstone: version, ...message }, origin);
  },
  listen(fn: (message: ToPanel) => void) {
    addEventListener("message", (e: MessageEvent<unknown>) => {
      if (!framed || e.source !== parent || !origins.includes(e.origin)) return;
      const m = e.data as { whetstone?: unknown; type?: unknown } | null;
      if (typeof m !== "object" || m === null || m.whetstone !== version || typeof m.type !== "string") return;
      to = e.origin;
      fn(m as unknown as ToPanel);
    });
  },
};
