// Typed text that survives reloads, lost connections and closed tabs.
//
//   const draft = useDraft("ticket/" + id, suggestion.text);
//   <TextArea value={draft.text} onInput={draft.set} …/>
//   {draft.kept && <p>…{ago(draft.at)} <Button onClick={draft.discard}>…}
//   await api.post(…); draft.clear();                       // once it is stored elsewhere
//
// A draft belongs to one person in one workspace on this computer, and is
// forgotten after 30 days.
import { useCallback, useEffect, useState } from "preact/hooks";
import { memory } from "./store";
import { session } from "./session";

const keep = 30 * 86_400_000;

interface Kept {
  text: string;
  at: number;
}

function place(subject: string): string {
  const s = session.get();
  return "draft." + (s ? s.workspace.id + "/" + s.person.id : "") + "/" + subject;
}

function read(key: string): Kept | undefined {
  const raw = memory.get(key);
  if (!raw) return undefined;
  try {
    const k = JSON.parse(raw) as Kept;
    if (typeof k.text === "string" && Date.now() - k.at < keep) return k;
  } catch {
    // Not ours.
  }
  memory.set(key, null);
  return undefined;
}

/** Forgets drafts that nobody has come back to; called once at the start. */
export function sweepDrafts() {
  for (const key of memory.keys()) if (key.startsWith("draft.")) read(key);
}

/** The subjects below a prefix that have a draft, such as "ticket/". */
export function draftsOf(prefix: string): string[] {
  const from = place(prefix);
  return memory.keys().filter((k) => k.startsWith(from)).map((k) => k.slice(place("").length));
}

export interface Draft {
  text: string;
  /** The text is one that was typed here, not the initial one. */
  kept: boolean;
  /** When it was typed last. */
  at: number;
  set(text: string): void;
  /** Back to the initial text; forgets what was typed. */
  discard(): void;
  /** Forgets what was typed and leaves the field as it is: it is stored elsewhere now. */
  clear(): void;
}

export function useDraft(subject: string, initial = ""): Draft {
  const key = place(subject);
  const [state, setState] = useState<{ key: string; kept?: Kept }>(() => ({ key, kept: read(key) }));
  const kept = state.key === key ? state.kept : read(key);
  useEffect(() => {
    if (state.key !== key) setState({ key, kept: read(key) });
  }, [key]);
  useEffect(() => {
    // The same person may have the subject open in another tab.
    const other = (e: StorageEvent) => {
      if (e.key === "whetstone." + key && document.visibilityState !== "visible") setState({ key, kept: read(key) });
    };
    addEventListener("storage", other);
    return () => removeEventListener("storage", other);
  }, [key]);
  const set = useCallback((text: string) => {
    const k = { text, at: Date.now() };
    memory.set(key, JSON.stringify(k));
    setState({ key, kept: k });
  }, [key]);
  const forget = useCallback(() => {
    memory.set(key, null);
    setState({ key });
  }, [key]);
  return { text: kept?.text ?? initial, kept: kept !== undefined, at: kept?.at ?? 0, set, discard: forget, clear: () => memory.set(key, null) };
}
