// Settings → Audit log: who changed what, and when.
import { useMemo, useState } from "preact/hooks";
import type { EntryView, PeopleList } from "../../api.gen";
import { ago, collate, date, dateTime, dict, time } from "../../i18n";
import { useApi, usePages, useSettled } from "../../live";
import { linkTo } from "../../palette";
import { useQuery } from "../../router";
import { detailed } from "../../said/audit";
import { Button, Card, Dialog, Empty, Facts, Failure, Loading, Page, Select, Stack, Table, Tail, TextField, Toolbar } from "../../ui";
import { operations, said, subjectLink } from "./operations";

const t = dict(
  EN && {
    title: "Audit log", lead: "Everything that changed anything, the newest first. What was written is not kept here, only that it was.", who: "Who", what: "What", subject: "Subject", when: "When", detail: "More", anybody: "Anybody", anything: "Anything", subjectHint: "By its id",
    none: "Nothing was changed yet", noneBody: "Whatever people and keys change from now on stands here.", noneSo: "Nothing fits these filters", clear: "Clear the filters", refresh: "Load again", key: "key", person: "person", command: "command line", request: "Request", operation: "Operation", open: "Open what was changed", only: "Only what they did",
  },
  RU && {
    title: "Журнал изменений", lead: "Всё, что что-нибудь изменило, новое сверху. Сам текст здесь не хранится — только то, что он был записан.", who: "Кто", what: "Что", subject: "Объект", when: "Когда", detail: "Подробнее", anybody: "Кто угодно", anything: "Что угодно", subjectHint: "По коду",
    none: "Пока ничего не меняли", noneBody: "Здесь появится всё, что люди и ключи изменят с этого момента.", noneSo: "С такими фильтрами ничего не нашлось", clear: "Сбросить фильтры", refresh: "Загрузить заново", key: "ключ", person: "человек", command: "командная строка", request: "Запрос", operation: "Операция", open: "Открыть изменённое", only: "Только сделанное им",
  },
);

const personId = (actor: string) => (actor.startsWith("person:") ? actor.slice(7) : "");

/** What an entry calls its subject in its detail: a key's name, where a webhook goes, a person who is gone. */
function called(e: EntryView): string {
  if (e.what.endsWith("-key")) return e.detail.replace(/^\S+ /, "");
  if (e.what.endsWith("-webhook")) return e.detail;
  return /-person$|^invite$/.test(e.what) ? e.detail.match(/^[^\s,]+@[^\s,]+/)?.[0] ?? "" : "";
}

/** What was changed: by its name where one is known, else by its id. */
function Subject({ of: e, names }: { of: EntryView; names: Map<string, string> }) {
  const to = subjectLink(e.what, e.subject);
  const name = names.get("person:" + e.subject) ?? (called(e) || e.subject);
  return to ? <a href={to} title={e.subject}><bdi>{name}</bdi></a> : <bdi title={e.subject}>{name || "–"}</bdi>;
}

export default function Audit() {
  const [who, setWho] = useQuery("who");
  const [what, setWhat] = useQuery("what");
  const [subject, setSubject] = useQuery("subject");
  const settled = useSettled(subject.trim(), 300);
  const [open, setOpen] = useState<EntryView | undefined>();
  const people = useApi<PeopleList>("/v1/people");
  const log = usePages<EntryView>("/v1/audit", "entries", { who, what, subject: settled, limit: 100 });
  const names = useMemo(() => new Map((people.data?.people ?? []).map((p) => ["person:" + p.id, p.name || p.email])), [people.data]);
  const actors = useMemo(() => {
    const found = new Map(names);
    for (const e of log.rows) if (!found.has(e.who.id)) found.set(e.who.id, e.who.name || e.who.id);
    if (who && !found.has(who)) found.set(who, who);
    return [...found].sort((a, b) => collate(a[1], b[1])).map(([value, label]) => ({ value, label }));
  }, [names, log.rows, who]);
  const filtered = who || what || subject;
  const clear = () => {
    setWho("");
    setWhat("");
    setSubject("");
  };
  return (
    <Page title={t("title")} lead={t("lead")} actions={<Button icon="refresh" onClick={log.reload}>{t("refresh")}</Button>}>
      <Stack>
        <Toolbar>
          <Select label={t("who")} value={who} onChange={setWho} placeholder={t("anybody")} options={actors} />
          <Select label={t("what")} value={what} onChange={setWhat} placeholder={t("anything")} options={operations.map((o) => ({ value: o, label: said(o) }))} />
          <TextField label={t("subject")} placeholder={t("subjectHint")} type="search" value={subject} onInput={setSubject} spellcheck={false} maxLength={300} />
          {filtered && <Button kind="quiet" icon="close" class="settings-clear" onClick={clear}>{t("clear")}</Button>}
        </Toolbar>
        {log.error && log.rows.length === 0 ? <Failure error={log.error} retry={log.reload} /> : log.loading ? <Loading as="rows" rows={8} /> : (
          <Card flush>
            <Table<EntryView> label={t("title")} rows={log.rows} id={(e) => e.id} onEnd={log.more} onOpen={(e) => setOpen(e)} current={open?.id} rowHeight={60}
              empty={filtered ? <Empty icon="filter" title={t("noneSo")} action={<Button onClick={clear}>{t("clear")}</Button>} /> : <Empty icon="history" title={t("none")}>{t("noneBody")}</Empty>} columns={[
              { key: "what", title: t("what"), main: true, cell: (e) => <><span class="row-title">{said(e.what)}</span><span class="row-sub"><bdi class="settings-narrow">{e.who.name}</bdi>{e.subject && !called(e) && <bdi class="settings-narrow">{names.get("person:" + e.subject) ?? e.subject}</bdi>}<bdi>{detailed(e.detail)}</bdi></span></> },
              { key: "who", title: t("who"), wide: true, width: 210, cell: (e) => <bdi title={e.who.id}>{e.who.name || e.who.id}</bdi> },
              { key: "subject", title: t("subject"), wide: true, width: 250, cell: (e) => <Subject of={e} names={names} /> },
              { key: "when", title: t("when"), width: 150, align: "end", cell: (e) => <span class="num" title={ago(e.at)}>{date(e.at)}<span class="row-sub">{time(e.at)}</span></span> },
            ]} />
            <Tail of={log} />
          </Card>
        )}
      </Stack>
      {open && <Entry of={open} onClose={() => setOpen(undefined)} only={() => { setOpen(undefined); setWho(open.who.id); }} />}
    </Page>
  );
}

function Entry({ of: e, only, onClose }: { of: EntryView; only(): void; onClose(): void }) {
  const person = personId(e.who.id);
  const actor = person && linkTo("person", person);
  const to = subjectLink(e.what, e.subject);
  return (
    <Dialog title={said(e.what)} onClose={onClose} footer={<><Button onClick={only}>{t("only")}</Button>{to && <Button kind="primary" href={to}>{t("open")}</Button>}</>}>
      <Facts items={[
        [t("who"), <>{actor ? <a href={actor}><bdi>{e.who.name}</bdi></a> : <bdi>{e.who.name || e.who.id}</bdi>} <span class="soft">({t(person ? "person" : e.who.id === "command" ? "command" : "key")})</span></>],
        [t("when"), dateTime(e.at)], [t("subject"), <><bdi>{called(e) || e.subject || "–"}</bdi>{called(e) && <span class="row-sub mono wrap">{e.subject}</span>}</>], !!e.detail && [t("detail"), <bdi>{detailed(e.detail)}</bdi>],
        [t("operation"), <span class="mono">{e.what}</span>], [t("request"), <span class="mono wrap">{e.request_id}</span>],
      ]} />
    </Dialog>
  );
}
