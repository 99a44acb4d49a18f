// What is asked before a gap is published or tied to an article.
import { useState } from "preact/hooks";
import type { ArticleView } from "../../api.gen";
import { useAction, useApi, useSettled } from "../../live";
import { Button, Dialog, Form, Loading, Notice, Radio, Stack, TextField, sayError } from "../../ui";
import { common } from "../../words";
import { Changing } from "./changing";
import { t } from "./words";

interface Hit {
  id: string;
  title: string;
  status: string;
}

/** Picks an article by words of its title. */
export function PickDialog(p: { title: string; body?: string; action: string; onDone(id: string): Promise<boolean>; onClose(): void }) {
  const [q, setQ] = useState("");
  const [id, setId] = useState("");
  const words = useSettled(q.trim(), 150);
  const found = useApi<{ articles: Hit[] }>(words.length > 1 ? "/v1/find" : null, { q: words });
  const hits = (found.data?.articles ?? []).filter((a) => a.status === "published");
  const chosen = hits.some((h) => h.id === id) ? id : "";
  const submit = useAction(async () => {
    if (chosen && await p.onDone(chosen)) p.onClose();
  }, true);
  return (
    <Dialog title={p.title} onClose={p.onClose}>
      <Form onSubmit={submit.run}>
        {p.body && <p class="soft">{p.body}</p>}
        <TextField label={t("pick")} type="search" value={q} onInput={setQ} hint={t("pickHint")} autoFocus />
        {found.error && <Notice tone="warn">{sayError(found.error)}</Notice>}
        {found.data && hits.length === 0 && <p class="soft">{t("pickNone")}</p>}
        {hits.length > 0 && <Radio label={t("pick")} bare value={chosen} onChange={setId} options={hits.map((h) => ({ value: h.id, label: h.title || h.id, hint: h.id }))} />}
        <div class="asking-actions"><Button onClick={p.onClose}>{common("cancel")}</Button><Button kind="primary" type="submit" busy={submit.busy} disabled={!chosen}>{p.action}</Button></div>
      </Form>
    </Dialog>
  );
}

/** Says in words what publishing will do, and shows what changes. */
export function PublishDialog(p: {
  title: string; body: string; article: ArticleView | undefined; changes: boolean; undecided: number; questions: number;
  onDone(audience: string): Promise<boolean>; onClose(): void;
}) {
  const [audience, setAudience] = useState("public");
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    p.onClose();
    await p.onDone(audience);
  };
  return (
    <Dialog title={t("publishTitle")} onClose={p.onClose} shape={p.changes ? "wide" : undefined}>
      <Form onSubmit={submit}>
        {p.undecided > 0 && <Notice tone="warn">{t("decideFirst", { n: p.undecided })}</Notice>}
        <Stack gap="s">
          <p class="wrap" dir="auto"><strong>{p.title}</strong></p>
          <p>{p.changes ? t("willChange", { title: p.article?.title ?? "" }) : t("willNew")} {t("willAsk", { n: p.questions })} {t("willClose")}</p>
        </Stack>
        {!p.changes && <Radio label={t("audience")} inline value={audience} onChange={setAudience} options={["public", "internal"].map((v) => ({ value: v, label: t.any(v) }))} />}
        {p.changes && (p.article ? <Changing before={p.article.body ?? ""} after={p.body} /> : <Loading rows={3} />)}
        <div class="asking-actions">
          <Button onClick={p.onClose}>{common("cancel")}</Button>
          <Button kind="primary" type="submit" busy={busy} disabled={p.undecided > 0 || (p.changes && !p.article)} autoFocus>{t("publishNow")}</Button>
        </div>
      </Form>
    </Dialog>
  );
}
