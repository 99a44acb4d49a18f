// What rests on something that has changed, and is used with a warning until
// somebody confirms it.
import { useEffect } from "preact/hooks";
import { api, seg } from "../../api";
import type { QuarantinePage, QuarantineView } from "../../api.gen";
import { date, dateTime } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi, usePages } from "../../live";
import { href } from "../../router";
import { whyUpkeep } from "../../said/upkeep";
import { Badge, Button, Card, Diff, Disclosure, Empty, Failure, Loading, Stack, confirm, toast } from "../../ui";
import { DocLink } from "./document";
import { t } from "./words";

/** How many are open, as many as one page has; read again when changed differs. */
export function useQuarantineCount(changed: number): number | undefined {
  const open = useApi<QuarantinePage>("/v1/quarantines", { limit: 200 });
  useEffect(() => {
    if (changed) void open.reload();
  }, [changed]);
  return open.data?.quarantines.length;
}

export function Quarantines({ status, onChanged }: { status: string; onChanged(): void }) {
  const list = usePages<QuarantineView>("/v1/quarantines", "quarantines", { status, limit: 30 });
  useKeys([{ keys: "r", label: t("refresh"), run: () => void list.reload() }]);
  if (list.error && list.rows.length === 0) return <Failure error={list.error} retry={list.reload} />;
  if (list.loading) return <Loading as="rows" rows={8} />;
  if (list.rows.length === 0) return <Empty icon="shield" title={t("noQuarantine")} action={status && <Button href={href("upkeep", { kind: "quarantine" })}>{t("showAll")}</Button>}>{t("noQuarantineBody")}</Empty>;
  const change = (q: QuarantineView) => {
    list.set((rows) => rows.map((r) => (r.document_id === q.document_id && r.cause_id === q.cause_id ? q : r)));
    onChanged();
  };
  return (
    <Stack>
      {list.rows.map((q) => <Quarantine key={q.document_id + "/" + q.cause_id} q={q} onChange={change} />)}
      {!list.complete && <div class="upkeep-more"><Button icon="down" onClick={list.more}>{t("more")}</Button></div>}
    </Stack>
  );
}

function Quarantine({ q, onChange }: { q: QuarantineView; onChange(q: QuarantineView): void }) {
  const title = q.title || q.document_id, cause = q.cause_title || q.cause_id;
  const end = useAction(async (how: "confirm" | "lift") => {
    const lift = how === "lift";
    if (!(await confirm({ title: t(lift ? "liftTitle" : "confirmTitle"), body: t(lift ? "liftBody" : "confirmBody", { title, cause }), action: t(how) }))) return;
    onChange(await api.post<QuarantineView>(`/v1/quarantines/${seg(q.document_id)}/${seg(q.cause_id)}/${how}`));
    toast(t(lift ? "isLifted" : "isConfirmed"));
  });
  const n = Math.max(q.was.length, q.is.length);
  const open = q.status === "open";
  return (
    <Card class={`upkeep-chore${open ? "" : " over"}`} title={<DocLink id={q.document_id} title={title} />} lead={<span class="wrap" dir="auto">{whyUpkeep(q.why)}</span>}
      actions={<Badge tone={open ? "warn" : "good"} icon={open ? "shield" : "check"}>{t.any(open ? "quarantine" : q.status)}</Badge>}>
      <Stack>
        {Array.from({ length: n }, (_, i) => {
          const was = q.was[i]?.quote ?? "", is = q.is[i]?.quote ?? "";
          return (
            <div class="upkeep-pair">
              <section class="upkeep-side"><h3>{t("was")} {q.was[i] && <span class="soft small-text" title={dateTime(q.was[i].updated_at)}>{date(q.was[i].updated_at)}</span>}</h3><blockquote class="upkeep-quote">{was ? <Diff before={was} after={is || was} side="before" /> : "–"}</blockquote></section>
              <section class="upkeep-side"><h3>{t("is")} {q.is[i] && <span class="soft small-text" title={dateTime(q.is[i].updated_at)}>{date(q.is[i].updated_at)}</span>}</h3><blockquote class="upkeep-quote">{is ? <Diff before={was || is} after={is} side="after" /> : <span class="soft">{t("isGone")}</span>}</blockquote></section>
            </div>
          );
        })}
        <p class="soft small-text wrap">{t("because", { cause })} · <span title={dateTime(q.at)}>{t("since", { when: date(q.at) })}</span>{q.author && !open && <> · {q.author}</>}{open && q.drafts.length === 0 && <> · {t("noDrafts")}</>}</p>
        {open && q.drafts.length > 0 && <Disclosure title={t("drafts", { n: q.drafts.length })}><ul class="upkeep-drafts mono">{q.drafts.map((d) => <li>{d}</li>)}</ul></Disclosure>}
        {open && (
          <div class="upkeep-actions">
            <Button small icon="check" busy={end.busy} onClick={() => end.run("confirm")}>{t("confirm")}</Button>
            <Button small icon="edit" busy={end.busy} onClick={() => end.run("lift")}>{t("lift")}</Button>
          </div>
        )}
      </Stack>
    </Card>
  );
}
