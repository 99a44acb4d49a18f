// Files are dropped, looked at without writing anything, and then imported,
// each with its report.
import { useRef, useState } from "preact/hooks";
import { ApiError, isAbort, streamed } from "../../api";
import type { ImportReport } from "../../api.gen";
import { bytes, dict, number } from "../../i18n";
import { useKeys } from "../../keys";
import { asError, useAction } from "../../live";
import { linkTo } from "../../palette";
import { useLeave, useQuery } from "../../router";
import { noted } from "../../said/sources";
import { Badge, Button, Card, Disclosure, Icon, Notice, Segments, Select, Stack, csv, sayError, save, toast } from "../../ui";

const t = dict(
  EN && {
    drop: "Drop files here", or: "Markdown, HTML, PDF, DOCX, CSV and JSON Lines, up to 32 MB each. They are looked at first; nothing is written until you say so.", choose: "Choose files", kind: "What the records of tables are", auto: "As each record says", article: "Articles", case: "Resolved cases", audience: "Who may read them", public: "Everybody", internal: "Operators only",
    looking: "Looking", ready: "Ready", empty: "Nothing to import", importing: "Importing", done: "Imported", failed: "Failed", unreadable: "The file cannot be read: it was moved, deleted or changed since it was chosen, or it is a folder. Choose it again.", large: "The file is larger than 32 MB. Import it on the server: whetstone import.", remove: "Take {name} off the list", import: { one: "Import {n} document", other: "Import {n} documents" }, clear: "Clear the list", progress: "{at} of {of} documents", sofar: { one: "{n} document so far", other: "{n} documents so far" }, sending: "Sending", stop: "Stop", stopped: "Stopped", wasStopped: { one: "Stopped. At least {n} document of this file is in, and stays.", other: "Stopped. At least {n} documents of this file are in, and stay." }, first: "The first {n}. The report to download has them all.",
    fresh: "{n} new", would: "{created} new, {updated} here already (they get a new version where they differ)", did: "{created} new, {updated} changed, {unchanged} as they were", skipped: { one: "{n} skipped", other: "{n} skipped" }, noted: { one: "{n} remark", other: "{n} remarks" }, line: "line {n}", file: "file", documents: { one: "{n} document", other: "{n} documents" }, report: "Download the report", finished: { one: "{n} document is in. Suggestions use it from now on.", other: "{n} documents are in. Suggestions use them from now on." }, leave: "Files are still being imported. Those that are done stay; the others are not read.", created: "new", updated: "changed", unchanged: "as it was", list: "Files", known: "here already",
  },
  RU && {
    drop: "Перетащите файлы сюда", or: "Markdown, HTML, PDF, DOCX, CSV и JSON Lines, до 32 МБ каждый. Сначала они только просматриваются; без вас ничего не запишется.", choose: "Выбрать файлы", kind: "Записи таблиц", auto: "по содержимому", article: "Статьи", case: "Решённые случаи", audience: "Кому можно читать", public: "Всем", internal: "Только операторам",
    looking: "Просмотр", ready: "Готов", empty: "Загружать нечего", importing: "Загрузка", done: "Загружен", failed: "Не удалось", unreadable: "Файл не читается: его переместили, удалили или изменили после выбора, или это папка. Выберите его ещё раз.", large: "Файл больше 32 МБ. Загрузите его на сервере: whetstone import.", remove: "Убрать из списка: {name}", import: { one: "Загрузить {n} документ", few: "Загрузить {n} документа", many: "Загрузить {n} документов", other: "Загрузить {n} документа" }, clear: "Очистить список", progress: "Документов: {at} из {of}", sofar: { one: "пока {n} документ", few: "пока {n} документа", many: "пока {n} документов", other: "пока {n} документа" }, sending: "Отправляется", stop: "Остановить", stopped: "Остановлено", wasStopped: { one: "Остановлено. Из файла загружен по меньшей мере {n} документ, он останется.", few: "Остановлено. Из файла загружены по меньшей мере {n} документа, они останутся.", many: "Остановлено. Из файла загружено по меньшей мере {n} документов, они останутся.", other: "Остановлено. Из файла загружено по меньшей мере {n} документа, они останутся." }, first: "Первые {n}. В отчёте для скачивания есть все.",
    fresh: "новых {n}", would: "новых {created}, уже есть {updated} (где отличаются, будет новая версия)", did: "новых {created}, изменено {updated}, как были {unchanged}", skipped: { one: "пропущен {n}", few: "пропущено {n}", many: "пропущено {n}", other: "пропущено {n}" }, noted: { one: "{n} замечание", few: "{n} замечания", many: "{n} замечаний", other: "{n} замечания" }, line: "строка {n}", file: "файл", documents: { one: "{n} документ", few: "{n} документа", many: "{n} документов", other: "{n} документа" }, report: "Скачать отчёт", finished: { one: "{n} документ на месте. Черновики уже могут на него опираться.", few: "{n} документа на месте. Черновики уже могут на них опираться.", many: "{n} документов на месте. Черновики уже могут на них опираться.", other: "{n} документа на месте. Черновики уже могут на них опираться." }, leave: "Файлы ещё загружаются. Загруженное останется, остальное не прочитается.", created: "новый", updated: "изменён", unchanged: "как был", list: "Файлы", known: "уже есть",
  },
);

const most = 32 << 20;

interface Item {
  file: File;
  state: "looking" | "ready" | "importing" | "done" | "failed" | "stopped";
  report?: ImportReport;
  /** How far it is: the documents that are looked at or stored; undefined while it is being sent. */
  at?: number;
  /** All that became of it: a report names the first of each list. */
  all?: Pick<ImportReport, "documents" | "problems" | "notes">;
  error?: string;
}

const nothing = { documents: [], problems: [], notes: [] };

export function Import() {
  const [items, setItems] = useState<Item[]>([]);
  const [over, setOver] = useState(false);
  const [kind, setKind] = useQuery("kind");
  const [only, setAudience] = useQuery("audience");
  const audience = only || "public";
  const latest = useRef(items);
  latest.current = items;
  const input = useRef<HTMLInputElement>(null);
  const change = (file: File, with_: Partial<Item>) => setItems((all) => all.map((x) => (x.file === file ? { ...x, ...with_ } : x)));
  const aborts = useRef<AbortController | undefined>(undefined);
  /** Sends a file and shows how far it is, as the server says. */
  const send = async (file: File, dry: boolean, as: { kind: string; audience: string }, signal?: AbortSignal) => {
    let all: NonNullable<Item["all"]> = nothing;
    change(file, { at: undefined, all });
    // A file that is gone, was changed or is a folder fails as a lost connection would; reading its start tells them apart.
    await file.slice(0, 1).arrayBuffer().catch(() => { throw new ApiError("invalid", 0, t("unreadable")); });
    const on = (_: string, v: unknown) => {
      const p = v as ImportReport;
      all = { documents: [...all.documents, ...p.documents], problems: [...all.problems, ...p.problems], notes: [...all.notes, ...p.notes] };
      change(file, { at: p.read, all });
    };
    return streamed<ImportReport>("/v1/import", "report", on, {
      body: file, signal, query: { name: file.name, kind: as.kind, audience: as.audience, dry_run: dry || undefined }, headers: { "Content-Type": "application/octet-stream" },
    });
  };
  const look = async (files: File[], as = { kind, audience }) => {
    for (const file of files) {
      if (file.size > most) {
        change(file, { state: "failed", error: t("large") });
        continue;
      }
      try {
        change(file, { state: "ready", report: await send(file, true, as), error: undefined });
      } catch (e) {
        change(file, { state: "failed", error: sayError(asError(e)) });
      }
    }
  };
  const add = (files: File[]) => {
    const names = new Set(files.map((f) => f.name));
    setItems((all) => [...all.filter((x) => !names.has(x.file.name) || x.state === "importing"), ...files.map((file) => ({ file, state: "looking" as const }))]);
    void look(files);
  };
  const anew = (as: { kind: string; audience: string }) => {
    const files = items.filter((x) => x.state === "ready" || x.state === "looking").map((x) => x.file);
    setItems((all) => all.map((x) => (files.includes(x.file) ? { ...x, state: "looking" } : x)));
    void look(files, as);
  };
  const ready = items.filter((x) => x.state === "ready" && (x.report?.read ?? 0) > 0);
  const n = ready.reduce((sum, x) => sum + (x.report?.read ?? 0), 0);
  const run = useAction(async () => {
    let stored = 0;
    const abort = (aborts.current = new AbortController());
    for (const x of ready) {
      if (abort.signal.aborted) break;
      if (!latest.current.some((y) => y.file === x.file)) continue;
      change(x.file, { state: "importing" });
      try {
        const report = await send(x.file, false, { kind, audience }, abort.signal);
        stored += report.read;
        change(x.file, { state: "done", report });
      } catch (e) {
        if (isAbort(e) || abort.signal.aborted) {
          const at = latest.current.find((y) => y.file === x.file)?.at ?? 0;
          stored += at;
          // Stopped after its last document, it is done.
          change(x.file, at < (x.report?.read ?? 0) ? { state: "stopped", error: t("wasStopped", { n: at }) } : { state: "done" });
          break;
        }
        change(x.file, { state: "failed", error: sayError(asError(e)) });
        if (asError(e).kind === "offline") throw e;
      }
    }
    if (stored > 0) toast(t("finished", { n: stored }));
  });
  useLeave(() => run.busy && t("leave"));
  useKeys([{ keys: "mod+enter", label: t("choose"), run: () => (ready.length > 0 ? void run.run() : input.current?.click()) }]);
  const through = items.reduce((sum, x) => sum + (x.state === "done" ? x.report?.read ?? 0 : x.state === "importing" ? x.at ?? 0 : 0), 0);
  const whole = items.reduce((sum, x) => sum + (x.state === "failed" || x.state === "stopped" ? 0 : x.report?.read ?? 0), 0);
  return (
    <Stack>
      <div class={"sources-drop" + (over ? " over" : "")} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
        onDrop={(e) => { e.preventDefault(); setOver(false); add([...(e.dataTransfer?.files ?? [])]); }}>
        <Icon name="upload" size={28} />
        <h2>{t("drop")}</h2>
        <p class="soft">{t("or")}</p>
        <Button kind={ready.length > 0 ? "plain" : "primary"} icon="plus" onClick={() => input.current?.click()}>{t("choose")}</Button>
        <input ref={input} type="file" multiple hidden aria-label={t("choose")} accept=".md,.mdx,.markdown,.html,.htm,.xhtml,.pdf,.docx,.csv,.tsv,.jsonl,.ndjson"
          onChange={(e) => { add([...(e.currentTarget.files ?? [])]); e.currentTarget.value = ""; }} />
      </div>
      {items.length > 0 && (
        <Card title={t("list")} flush actions={<>
          <Select label={t("kind")} bare value={kind} onChange={(v) => { setKind(v); anew({ kind: v, audience }); }} options={[{ value: "", label: t("kind") + ": " + t("auto") }, { value: "article", label: t("article") }, { value: "case", label: t("case") }]} disabled={run.busy} />
          <Segments label={t("audience")} value={audience} onChange={(v) => { setAudience(v === "public" ? "" : v); anew({ kind, audience: v }); }} options={[{ value: "public", label: t("public") }, { value: "internal", label: t("internal") }]} />
        </>}>
          {run.busy && <div class="sources-progress"><progress value={through} max={whole} aria-label={t("importing")} /><span class="soft small-text" role="status">{t("progress", { at: number(through), of: number(whole) })}</span><Button small icon="stop" onClick={() => aborts.current?.abort()}>{t("stop")}</Button></div>}
          <ul class="sources-files">{items.map((x) => <FileRow x={x} off={() => setItems((all) => all.filter((y) => y !== x))} busy={run.busy} />)}</ul>
          <div class="sources-end">
            <Button kind="quiet" disabled={run.busy} onClick={() => setItems([])}>{t("clear")}</Button>
            {items.some((x) => x.state === "done" || x.state === "stopped") && <Button icon="download" onClick={() => download(items)}>{t("report")}</Button>}
            {n > 0 && <Button kind="primary" icon="upload" keys="mod+enter" busy={run.busy} onClick={run.run}>{t("import", { n })}</Button>}
          </div>
        </Card>
      )}
    </Stack>
  );
}

function FileRow({ x, off, busy }: { x: Item; off(): void; busy: boolean }) {
  const tones = { looking: "accent", ready: "plain", importing: "accent", done: "good", failed: "bad", stopped: "warn" } as const;
  const r = x.report;
  const none = x.state === "ready" && r?.read === 0;
  return (
    <li>
      <div class="sources-file">
        <div class="sources-name"><strong class="wrap" dir="auto">{x.file.name}</strong><span class="row-sub">{bytes(x.file.size)}{r && r.read > 0 && x.state !== "failed" && x.state !== "stopped" && " · " + tally(r, x.state === "done")}</span></div>
        {(x.state === "looking" || x.state === "importing") && <span class="soft small-text num">{x.at === undefined ? t("sending") : t("sofar", { n: x.at })}</span>}
        <Badge tone={none ? "warn" : tones[x.state]}>{t(none ? "empty" : x.state)}</Badge>
        {!busy && <Button small kind="quiet" icon="close" label={t("remove", { name: x.file.name })} onClick={off} />}
      </div>
      {x.error && <Notice tone={x.state === "stopped" ? "warn" : "bad"}>{x.error}</Notice>}
      {r && x.state !== "failed" && x.state !== "stopped" && (
        <>
          {r.skipped > 0 && <Disclosure open={none} title={t("skipped", { n: r.skipped })}><Lines list={r.problems} /></Disclosure>}
          {r.notes.length > 0 && <Disclosure title={t("noted", { n: r.notes.length })}><Lines list={r.notes} /></Disclosure>}
          {r.documents.length > 0 && (
            <Disclosure title={t("documents", { n: r.read })}>
              {r.read > r.documents.length && <p class="soft small-text">{t("first", { n: r.documents.length })}</p>}
              <ul class="sources-list">{r.documents.map((d) => <li><div>{x.state === "done" && linkTo(d.kind, d.id) ? <a class="wrap" dir="auto" href={linkTo(d.kind, d.id)}>{d.title || d.id}</a> : <span class="wrap" dir="auto">{d.title || d.id}</span>}</div><Badge>{t(x.state !== "done" && d.status === "updated" ? "known" : d.status)}</Badge></li>)}</ul>
            </Disclosure>
          )}
        </>
      )}
    </li>
  );
}

const tally = (r: ImportReport, done: boolean): string =>
  done ? t("did", { created: r.created, updated: r.updated, unchanged: r.unchanged }) : r.updated > 0 ? t("would", { created: r.created, updated: r.updated }) : t("fresh", { n: r.created });

const Lines = ({ list }: { list: ImportReport["problems"] }) => (
  <ul class="sources-list">{list.map((p) => <li><div class="wrap"><span class="soft num">{p.line ? t("line", { n: p.line }) : t("file")}</span> <span dir="auto">{noted(p.reason)}</span></div></li>)}</ul>
);

function download(items: Item[]) {
  const rows: (string | number)[][] = [["file", "line", "id", "status", "title"]];
  for (const x of items) {
    // Of what was only looked at nothing has happened.
    if (x.state !== "done" && x.state !== "stopped" && x.state !== "failed") continue;
    for (const d of x.all?.documents ?? []) rows.push([x.file.name, "", d.id, d.status, d.title]);
    for (const p of x.all?.problems ?? []) rows.push([x.file.name, p.line ?? "", "", "skipped", noted(p.reason)]);
    for (const p of x.all?.notes ?? []) rows.push([x.file.name, p.line ?? "", "", "remark", noted(p.reason)]);
    if (x.error) rows.push([x.file.name, "", "", "failed", x.error]);
  }
  save("import.csv", "text/csv", csv(rows));
}
