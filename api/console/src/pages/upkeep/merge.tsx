// Merging two articles: which stays, and what will happen, before it does.
import { useState } from "preact/hooks";
import { api, seg } from "../../api";
import type { ArticleView, MergedView } from "../../api.gen";
import { date } from "../../i18n";
import { useAction, useApi } from "../../live";
import { Button, Dialog, Form, Loaded, Notice, Radio, Sides, Stack, sayError, toast } from "../../ui";
import { common } from "../../words";
import { t } from "./words";

export function MergeDialog({ ids, onDone, onClose }: { ids: [string, string]; onDone(): void; onClose(): void }) {
  const a = useApi<ArticleView>("/v1/articles/" + seg(ids[0]));
  const b = useApi<ArticleView>("/v1/articles/" + seg(ids[1]));
  const [stays, setStays] = useState("");
  const merge = useAction(async (from: ArticleView, into: ArticleView) => {
    const m = await api.post<MergedView>("/v1/articles/" + seg(from.id) + "/merge", { into: into.id }, { ifMatch: from.revision });
    toast(t("merged", { n: m.cases }));
    onClose();
    onDone();
  }, true);
  return (
    <Dialog title={t("mergeTitle")} onClose={onClose} shape="wide">
      <Loaded of={a}>{(first) => (
        <Loaded of={b}>{(second) => {
          // The one that was changed last is what people meant to be true last.
          const chosen = stays || (second.updated_at > first.updated_at ? second.id : first.id);
          const into = chosen === first.id ? first : second, from = into === first ? second : first;
          const named = (x: ArticleView) => (first.title === second.title ? x.id : x.title || x.id);
          return (
            <Form onSubmit={() => merge.run(from, into)}>
              <Radio label={t("stays")} value={chosen} onChange={setStays} options={[first, second].map((x) => ({ value: x.id, label: x.title || x.id, hint: `${x.id} · ${t("changed", { when: date(x.updated_at) })}` }))} />
              <Stack gap="s">
                <p class="wrap">{t("mergeWill", { from: named(from), into: named(into) })} {t("mergeCases")}</p>
                <Notice>{t("mergeText")}</Notice>
              </Stack>
              <div class="upkeep-texts"><Sides before={from.body ?? ""} after={into.body ?? ""} titles={[t("goes"), t("remains")]} /></div>
              {merge.error && <Notice tone="bad" action={merge.error.kind === "conflict" && <Button small onClick={() => { void a.reload(); void b.reload(); }}>{t("refresh")}</Button>}>{sayError(merge.error)}</Notice>}
              <div class="asking-actions"><Button onClick={onClose}>{common("cancel")}</Button><Button kind="danger" type="submit" busy={merge.busy}>{t("mergeAction")}</Button></div>
            </Form>
          );
        }}</Loaded>
      )}</Loaded>
    </Dialog>
  );
}
