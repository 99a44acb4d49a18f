// widget.js: puts the panel into a helpdesk's page and speaks the contract for
// it. See deploy/docs/widget.md.
//
//   const panel = Whetstone.panel({ in: "#side", token: () => fetch("/token").then((r) => r.text()), onInsert: (text) => … });
import { version, type Setting, type ToHost, type ToPanel } from "./contract";

interface Options extends Omit<Setting, "token"> {
  /** Where to put it: an element, or a selector of one. */
  in: Element | string;
  /** The token, or what gets one: called at the start and whenever one has expired. */
  token: string | (() => string | Promise<string>);
  onInsert?(text: string, of: Said<"insert">): void;
  onDraft?(text: string | null, of: Said<"draft">): void;
  onRejected?(reason: string, of: Said<"rejected">): void;
  /** No token could be had, or the panel is not there. */
  onError?(error: unknown): void;
}

type Said<T> = Extract<ToHost, { type: T }>;

const from = new URL((document.currentScript as HTMLScriptElement).src).origin;

// The token's first part is JSON; p in it names the page that may be shown here.
function pageOf(token: string): string {
  const said = token.replace(/^wst_/, "").split(".")[0]!.replace(/-/g, "+").replace(/_/g, "/");
  const page = (JSON.parse(atob(said)) as { p?: string }).p ?? "";
  return from + "/widget/?of=" + encodeURIComponent(page);
}

function panel(o: Options) {
  const place = typeof o.in === "string" ? document.querySelector(o.in) : o.in;
  if (!place) throw new Error("Whetstone: there is no " + String(o.in));
  const frame = document.createElement("iframe");
  frame.title = "Whetstone";
  frame.allow = "clipboard-write";
  frame.referrerPolicy = "origin";
  frame.setAttribute("sandbox", "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  Object.assign(frame.style, { display: "block", width: "100%", height: "320px", border: "0", colorScheme: "normal" });
  const { in: _, token: __, onInsert, onDraft, onRejected, onError, ...setting } = o;
  let getToken = o.token;
  let now: Setting = setting;
  let ready = false;
  let turn = 0;
  const say = (m: ToPanel) => frame.contentWindow?.postMessage({ whetstone: version, ...m }, from);
  const wrong = (e: unknown) => (onError ? onError(e) : console.error("Whetstone:", e));

  // fresh gets a token and hands it over; an answer that comes too late, after
  // another ticket was shown, is dropped.
  async function fresh() {
    const mine = ++turn;
    try {
      const token = (await (typeof getToken === "function" ? getToken() : getToken)).trim();
      if (mine !== turn) return;
      now = { ...now, token };
      if (ready) say({ type: "set", ...now });
      else if (!frame.src) frame.src = pageOf(token);
    } catch (e) {
      wrong(e);
    }
  }

  function hear(e: MessageEvent<unknown>) {
    if (e.origin !== from || e.source !== frame.contentWindow) return;
    const m = e.data as ({ whetstone?: number } & ToHost) | null;
    if (typeof m !== "object" || m?.whetstone !== version) return;
    if (m.type === "hello") {
      ready = true;
      say({ type: "set", ...now });
    } else if (m.type === "token") {
      if (typeof getToken === "function") void fresh();
      else wrong(new Error("the token has expired"));
    } else if (m.type === "height") frame.style.height = Math.min(20_000, Math.max(0, Number(m.height) || 0)) + "px";
    else if (m.type === "insert") onInsert?.(m.text, m);
    else if (m.type === "draft") onDraft?.(m.text, m);
    else if (m.type === "rejected") onRejected?.(m.reason, m);
  }

  addEventListener("message", hear);
  // A page that may not be framed here loads too, and never says hello.
  frame.onload = () => frame.src && setTimeout(() => ready || !frame.isConnected || wrong(new Error("the panel does not answer: is " + location.origin + " allowed?")), 5000);
  place.append(frame);
  void fresh();
  return {
    frame,
    /** Shows another ticket, or says what has changed in this one. */
    set(changes: Partial<Pick<Options, "token">> & Omit<Setting, "token">) {
      const { token, ...rest } = changes;
      if (token === undefined) {
        now = { ...now, ...rest };
        if (ready) say({ type: "set", ...rest });
        return;
      }
      // Nothing of the ticket before may go with the next one's token.
      const { lang, theme } = now;
      getToken = token;
      now = { lang, theme, ...rest };
      void fresh();
    },
    /** The reply went out; this is what is learned from. */
    sent: (text: string) => say({ type: "sent", text }),
    close() {
      turn++;
      removeEventListener("message", hear);
      frame.remove();
    },
  };
}

(window as unknown as { Whetstone: { panel: typeof panel } }).Whetstone = { panel };
