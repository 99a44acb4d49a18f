// Who is signed in. session.get() is undefined until that is known, null when
// nobody is.
import { api, ApiError, credentials } from "./api";
import { setLang, type Lang } from "./i18n";
import { memory, store } from "./store";

export interface Session {
  person: { id: string; name: string; email: string; role: string };
  workspace: { id: string; name: string };
  /** Sent back in a header with everything that changes something. */
  csrf: string;
  /** The language chosen by hand, "" for the browser's. */
  locale: string;
  version: string;
}

/** How people may sign in here. */
export interface Ways {
  password: boolean;
  oidc: boolean;
}

/** For whom a link is, and what it is for. */
export interface LinkSeen {
  kind: "invitation" | "reset" | "entrance";
  email: string;
  name: string;
}

export const session = store<Session | null | undefined>(undefined);

/** Why the session ended, for the sign-in page: by itself, or because somebody signed out. */
export const ended = store<"" | "expired" | "signed_out">("");

function begin(s: Session) {
  credentials.csrf = s.csrf;
  ended.set("");
  session.set(s);
  // Not before who calls this has taken a used link out of the address.
  if (s.locale === "ru" || s.locale === "en") setTimeout(setLang, 0, s.locale);
}

/** Changes the language for this browser and, if somebody is signed in, for them everywhere. */
export async function chooseLang(next: Lang) {
  const s = session.get();
  // Where it cannot be kept it still holds here.
  if (s && s.locale !== next && s.csrf) await api.patch<Session>("/v1/session", { locale: next }).catch(() => {});
  setLang(next);
}

credentials.expired = () => {
  if (!session.get()) return;
  credentials.csrf = "";
  ended.set("expired");
  session.set(null);
};

/** Reads who is signed in; throws only if the server cannot be reached or fails. */
export async function readSession(): Promise<void> {
  try {
    begin(await api.get<Session>("/v1/session"));
  } catch (e) {
    if (!(e instanceof ApiError) || e.kind !== "unauthorized") throw e;
    session.set(null);
  }
}

// A tab that has just signed in says so to the others: their cookie is that of
// this session now, whoever they show.
function began(s: Session) {
  begin(s);
  memory.set("signed_in", String(Date.now()));
}

export async function signIn(email: string, password: string): Promise<void> {
  began(await api.post<Session>("/v1/session", { email, password }));
}

/** Says what a link is for and does not use it. */
export const lookAtLink = (token: string): Promise<LinkSeen> => api.post<LinkSeen>("/v1/session/link/look", { token });

/** Signs in by a link's token; an invitation and a reset need a password, and may take a name. */
export async function enter(token: string, chosen?: { name?: string; password: string }): Promise<void> {
  began(await api.post<Session>("/v1/session/link", { token, ...chosen }));
}

/** Ends this session, or all sessions of the person. */
export async function signOut(everywhere = false): Promise<void> {
  try {
    await api.del("/v1/session", { query: { everywhere: everywhere ? "true" : undefined } });
  } catch (e) {
    // A session that has already ended is what was wanted.
    if (!(e instanceof ApiError) || e.kind !== "unauthorized") throw e;
  }
  credentials.csrf = "";
  ended.set("signed_out");
  session.set(null);
  memory.set("signed_out", String(Date.now())); // other tabs see it
}

addEventListener("storage", (e) => {
  if (e.key === "whetstone.signed_out" && session.get()) {
    credentials.csrf = "";
    ended.set("signed_out");
    session.set(null);
  }
  if (e.key === "whetstone.signed_in") void look();
});

// Whoever comes back to a tab that has called nothing for a while sees at once
// that the session has ended, and not what it showed.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && session.get()) void look();
});

// look reads the session again where it may be another's, or nobody's.
async function look() {
  try {
    const now = await api.get<Session>("/v1/session");
    if (now.csrf !== credentials.csrf) begin(now);
  } catch {
    // Without a connection it stays; that it has ended is told by the call.
  }
}

/** Whether the person who is signed in has one of these roles. */
export const isRole = (...roles: string[]): boolean => roles.includes(session.get()?.person.role ?? "");

/** Whoever is signed in, for pages. */
export const me = (): Session => session.get()!;
