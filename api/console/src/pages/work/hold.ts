// A reply on its way: for some seconds it can be taken back. It goes out when
// they are over, when the next one is sent, or when the page is closed; whoever
// moves on to another ticket meanwhile need not wait for it.
import { store } from "../../store";

/** How long a reply can be taken back, in milliseconds. */
export const holdTime = 5000;

export interface Held {
  ticket: string;
  since: number;
}

export const held = store<Held | null>(null);

let going: { send(): unknown; timer: ReturnType<typeof setTimeout> } | undefined;

/** Sends what is held now. */
export function release() {
  const g = going;
  if (!g) return;
  clearTimeout(g.timer);
  going = undefined;
  held.set(null);
  g.send();
}

/** Sends a reply in a while, and the one before it at once. */
export function hold(ticket: string, send: () => unknown) {
  release();
  going = { send, timer: setTimeout(release, holdTime) };
  held.set({ ticket, since: Date.now() });
}

/** Takes back what is held; it reports whether it was in time. */
export function takeBack(): boolean {
  if (!going) return false;
  clearTimeout(going.timer);
  going = undefined;
  held.set(null);
  return true;
}

// A request that has begun outlives the page.
addEventListener("pagehide", release);
