// What an editor types into a gap's draft, until it is saved. It knows which
// draft it was typed upon, so that a newer one of somebody else is seen.
import { useCallback, useEffect, useMemo, useRef } from "preact/hooks";
import type { GapConflict, GapDraft } from "../../api.gen";
import { useDraft } from "../../draft";

interface Kept {
  title: string;
  body: string;
  /** When the draft was made that it was typed upon; "" for none. */
  upon: string;
  /** Which conflicts were decided. */
  decided: number[];
}

export interface Typed extends Kept {
  /** It is not what is saved. */
  dirty: boolean;
  /** Somebody else has saved another draft since. */
  clash: boolean;
  change(to: Partial<Pick<Kept, "title" | "body" | "decided">>): void;
  /** It was saved as it stood in sent, on top of a draft made at that time. */
  saved(sent: { title: string; body: string }, at: string): void;
  /** It counts as typed upon the draft that there is now. */
  rebase(): void;
  discard(): void;
}

export function useTyped(id: string, draft: GapDraft | undefined): Typed {
  const kept = useDraft("gap/" + id);
  const mine = useMemo<Kept | undefined>(() => {
    try {
      const k = JSON.parse(kept.text) as Kept;
      return typeof k.body === "string" && typeof k.title === "string" ? k : undefined;
    } catch {
      return undefined;
    }
  }, [kept.text]);
  const base: Kept = { title: draft?.title ?? "", body: draft?.body ?? "", upon: draft?.at ?? "", decided: [] };
  const now = mine ?? base;
  const latest = useRef(now);
  latest.current = now;
  const dirty = !!mine && (mine.title !== base.title || mine.body !== base.body);
  useEffect(() => {
    // What was typed here is what somebody has saved: nothing is to be kept.
    if (mine && !dirty && mine.decided.length === 0) kept.discard();
  }, [mine, dirty]);
  const put = useCallback((k: Kept) => {
    latest.current = k;
    kept.set(JSON.stringify(k));
  }, [kept.set]);
  return {
    ...now, dirty, clash: dirty && mine.upon !== base.upon,
    change: (to) => put({ ...latest.current, ...to }),
    saved: (sent, at) => {
      if (latest.current.title === sent.title && latest.current.body === sent.body) kept.discard();
      else put({ ...latest.current, upon: at });
    },
    rebase: () => put({ ...latest.current, upon: base.upon }),
    discard: kept.discard,
  };
}

/** The conflicts that nobody has decided: none was chosen, and the text still says what was taken. */
export function undecided(draft: GapDraft | undefined, typed: Kept): number[] {
  return (draft?.conflicts ?? []).map((_, i) => i).filter((i) => !typed.decided.includes(i) && saidAs(draft!.conflicts![i]!, typed.body) >= 0);
}

/** Which of a conflict's variants the text says; -1: none, an editor has written something else. */
export const saidAs = (c: GapConflict, body: string): number => (c.variants ?? []).findIndex((v) => body.includes(v.text));
