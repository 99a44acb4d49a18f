// What the panel and the page that shows it say to each other, by postMessage.
// deploy/docs/widget.md documents it for those who write such a page; widget.js
// speaks it for them. Every message also has whetstone: 1. What is not known is
// ignored on both sides, so that either may be the newer one.
import type { MessageIn } from "../api.gen";

/** From the page to the panel. */
export type ToPanel =
  | ({ type: "set" } & Setting)
  /** The reply went out: that is what is learned from. */
  | { type: "sent"; text: string };

/** What is missing stays as it was. */
export interface Setting {
  /** Another token: in the place of one that expired, or for another ticket. */
  token?: string;
  /** The dialogue, oldest first; without it the panel reads the ticket that was told to the API. */
  messages?: MessageIn[];
  locale?: string;
  customer_id?: string;
  lang?: "ru" | "en";
  theme?: "light" | "dark" | "system";
}

/** From the panel to the page. */
export type ToHost =
  /** It listens: answer with set. */
  | { type: "hello" }
  /** The token has expired, or will within a minute: answer with set. */
  | { type: "token" }
  /** There is a draft; text is null where there is none, and reason says why. */
  | { type: "draft"; ticket_id: string; suggestion_id: string; text: string | null; reason: string | null }
  /** The operator wants this in the editor. */
  | { type: "insert"; ticket_id: string; suggestion_id: string; text: string }
  | { type: "rejected"; ticket_id: string; suggestion_id: string; reason: string }
  /** How high the panel is, in CSS pixels. */
  | { type: "height"; height: number };

/** The version of the contract, in every message. */
export const version = 1;
