// Reading an article again and saying that it holds.
import { useState } from "preact/hooks";
import { api, seg } from "../../api";
import type { ArticleView, CareView } from "../../api.gen";
import { date } from "../../i18n";
import { useAction, useApi } from "../../live";
import { Button, Dialog, Form, Loaded, Markdown, Notice, TextField, sayError, toast } from "../../ui";
import { common } from "../../words";
import { t } from "./words";

export function VerifyDialog({ id, onDone, onClose }: { id: string; onDone(): void; onClose(): void }) {
  const path = "/v1/articles/" + seg(id);
  const article = useApi<ArticleView>(path);
  const care = useApi<CareView>(path + "/care");
  const [days, setDays] = useState("");
  const every = days || String(care.data?.interval_days ?? "");
  const verify = useAction(async (revision: number) => {
    await api.put(path + "/care", { verified: true, revision, interval_days: every ? Number(every) : undefined });
    toast(t("verified"));
    onClose();
    onDone();
  }, true);
  return (
    <Dialog title={t("verifyTitle")} onClose={onClose} shape="wide">
      <Loaded of={article}>{(a) => (
        <Form onSubmit={() => verify.run(a.revision)}>
          <div><h3 class="wrap" dir="auto">{a.title || a.id}</h3><p class="soft small-text">{t("changed", { when: date(a.updated_at) })}</p></div>
          <div class="upkeep-texts" tabIndex={0} role="group" aria-label={a.title || a.id}><Markdown text={a.body ?? ""} /></div>
          <TextField label={t("interval")} type="number" min={1} max={36500} value={every} onInput={setDays} />
          {verify.error && <Notice tone="bad" action={verify.error.kind === "conflict" && <Button small onClick={article.reload}>{t("refresh")}</Button>}>{verify.error.kind === "conflict" ? t("changedSince") : sayError(verify.error)}</Notice>}
          <div class="asking-actions"><Button onClick={onClose}>{common("cancel")}</Button><Button kind="primary" type="submit" icon="check" busy={verify.busy}>{t("verifyAction")}</Button></div>
        </Form>
      )}</Loaded>
    </Dialog>
  );
}
