// Small things that the list and the gap share.
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../../api";
import type { FailureView, GapView } from "../../api.gen";
import { calendarDay, number } from "../../i18n";
import { Badge } from "../../ui";
import { t } from "./words";

/** Minutes as people say them. */
export const spent = (minutes: number): string => (minutes < 90 ? t("minutes", { n: Math.round(minutes) }) : t("hours", { n: number(minutes / 60, minutes < 600 ? 1 : 0) }));

/** What a failure's ticket is called: its id, or that of the suggestion. */
export const ticketOf = (f: FailureView): string => f.ticket_id || f.suggestion_id;

const tones = { open: "warn", reopened: "bad", assigned: "accent", drafted: "accent", published: "warn", verifying: "accent", closed: "good", waiting: "plain", dismissed: "plain", merged: "plain" } as const;

export const StatusBadge = ({ gap }: { gap: GapView }) => <Badge tone={tones[gap.status]}>{t.any(gap.status)}</Badge>;

export const overdue = (g: GapView): boolean => !!g.due && g.status !== "closed" && g.status !== "dismissed" && today() > new Date(g.due).toISOString().slice(0, 10);

/** The reader's own day. */
function today(): string {
  const now = new Date();
  return new Date(+now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

export function Owner({ gap }: { gap: GapView }) {
  if (!gap.owner) return <span class="soft">{t("nobody")}</span>;
  return (
    <span dir="auto" title={gap.owner}>
      {gap.owner}
      {gap.due && <span class={`row-sub${overdue(gap) ? " gaps-late" : ""}`}>{overdue(gap) ? t("overdue") + ", " + calendarDay(gap.due) : calendarDay(gap.due)}</span>}
    </span>
  );
}

interface Other {
  name: string;
  editing: boolean;
}

/** Who else is at a subject such as "gap:" + id, as long as the component is shown. */
export function usePresence(subject: string, editing: boolean): Other[] {
  const [others, setOthers] = useState<Other[]>([]);
  const now = useRef(editing);
  now.current = editing;
  const say = (left = false) => {
    if (!left && document.visibilityState !== "visible") return;
    // That nobody is told is no reason to disturb anybody.
    api.post<{ others: Other[] }>("/v1/presence", { subject, editing: now.current, left }).then((r) => left || setOthers(r.others), () => {});
  };
  useEffect(() => {
    const timer = setInterval(say, 12_000);
    return () => {
      clearInterval(timer);
      say(true);
    };
  }, [subject]);
  useEffect(() => say(), [subject, editing]);
  return others;
}
