// Who answers for an article, and until when it counts as true.
import { useEffect, useState } from "preact/hooks";
import { api, seg } from "../../api";
import type { CareView } from "../../api.gen";
import { ago, date, dict } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import { me } from "../../session";
import { Badge, Button, Card, Facts, Form, Loaded, Stack, TextField, toast } from "../../ui";
import { common } from "../../words";
import { OwnerSelect } from "../gaps/people";

const t = dict(
  EN && {
    title: "Is it still true?", holds: "It still holds", verified: "Verified", by: "{when} by {who}", never: "Never yet", whetstone: "Whetstone: it keeps being sent as it is", due: "Look at it again", stale: "Due", fine: "Verified", unverified: "Not verified yet", owner: "Who answers for it", nobody: "Nobody",
    every: "How long a verification holds, in days", change: "Change", done: "Verified until {when}.", saved: "Saved.", again: "{when}",
  },
  RU && {
    title: "Это всё ещё верно?", holds: "Всё верно", verified: "Проверено", by: "{when}, {who}", never: "Ещё ни разу", whetstone: "Whetstone: отправляют без правок", due: "Проверить снова", stale: "Пора проверить", fine: "Проверено", unverified: "Ещё не проверяли", owner: "Кто отвечает", nobody: "Не назначен",
    every: "Сколько дней действует проверка", change: "Изменить", done: "Проверено до {when}.", saved: "Сохранено.", again: "{when}",
  },
);

export function CareCard({ id, revision, edits }: { id: string; revision: number; edits: boolean }) {
  const care = useApi<CareView>("/v1/articles/" + seg(id) + "/care");
  useEffect(() => void care.reload(), [revision]); // what changed is due at another time
  const [form, setForm] = useState<{ owner: string; days: string } | undefined>(undefined);
  const put = (body: object) => api.put<CareView>("/v1/articles/" + seg(id) + "/care", body);
  const verify = useAction(async () => {
    const got = await put({ verified: true, revision });
    care.set(got);
    toast(t("done", { when: date(got.due) }));
  });
  const save = useAction(async () => {
    if (!form) return;
    care.set(await put({ owner: form.owner.trim(), interval_days: Math.max(0, Number(form.days) || 0) }));
    setForm(undefined);
    toast(t("saved"));
  });
  useKeys([{ keys: "v", label: t("holds"), run: () => void verify.run(), when: edits }]);
  return (
    <Card title={t("title")} class="knowledge-care">
      <Loaded of={care} rows={3}>
        {(c) => (
          <Stack>
            <div><Badge tone={c.stale ? "warn" : c.verified_at ? "good" : "plain"}>{t(c.stale ? "stale" : c.verified_at ? "fine" : "unverified")}</Badge></div>
            {form ? (
              <Form onSubmit={save.run} label={t("owner")}>
                <OwnerSelect label={t("owner")} value={form.owner} was={c.owner} onChange={(owner) => setForm({ ...form, owner })} />
                <TextField label={t("every")} type="number" min={0} max={36500} value={form.days} onInput={(days) => setForm({ ...form, days })} />
                <Stack row gap="s"><Button type="submit" kind="primary" small busy={save.busy}>{common("save")}</Button><Button small onClick={() => setForm(undefined)}>{common("cancel")}</Button></Stack>
              </Form>
            ) : (
              <>
                <Facts items={[
                  [t("verified"), c.verified_at ? t("by", { when: ago(c.verified_at), who: c.verified_by === "whetstone" ? t("whetstone") : (c.verified_by ?? "–") }) : t("never")],
                  [t("due"), t("again", { when: date(c.due) })], [t("owner"), c.owner || t("nobody")],
                ]} />
                {edits && (
                  <Stack row gap="s">
                    <Button small kind={c.stale ? "primary" : "plain"} icon="check" busy={verify.busy} onClick={verify.run} keys="v">{t("holds")}</Button>
                    <Button small kind="quiet" onClick={() => setForm({ owner: c.owner || me().person.name, days: String(c.interval_days) })}>{t("change")}</Button>
                  </Stack>
                )}
              </>
            )}
          </Stack>
        )}
      </Loaded>
    </Card>
  );
}
