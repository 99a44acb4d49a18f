// What was said so far.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { TicketView } from "../../api.gen";
import { ago, dateTime } from "../../i18n";
import { Empty, Icon } from "../../ui";
import { t } from "./words";

/** The messages of a ticket, the latest in sight; those above version seen are marked as new. */
export function Dialogue({ ticket, seen }: { ticket: TicketView; seen: number }) {
  const end = useRef<HTMLLIElement>(null);
  const messages = ticket.messages ?? [];
  useLayoutEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [messages.length]);
  if (ticket.forgotten) return <Empty icon="lock" title={t("dialogue")}>{t("forgotten")}</Empty>;
  if (messages.length === 0) return <Empty icon="mail" title={t("noCustomerYet")} />;
  return (
    <ol class="work-dialogue">
      {messages.map((m, i) => (
        <li key={m.place} ref={i === messages.length - 1 ? end : undefined} class={`work-message ${m.role}${m.version > seen && m.role === "customer" ? " new" : ""}`}>
          <div class="work-who">
            <Icon name={m.role === "bot" ? "spark" : "person"} size={14} />
            <span class="clip" dir="auto">{m.author ? (m.role === "customer" ? m.author : m.author + " · " + t(`role_${m.role}`)) : t(`role_${m.role}`)}</span>
            <time dateTime={m.at} title={dateTime(m.at)}>{ago(m.at)}</time>
          </div>
          <p dir="auto">{m.text}</p>
        </li>
      ))}
    </ol>
  );
}
