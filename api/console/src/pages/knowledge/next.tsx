// What to do about an article next: what waits for a person, and nothing else.
import { seg, withQuery } from "../../api";
import type { ChorePage, SourceLearning } from "../../api.gen";
import { dict, number } from "../../i18n";
import { useApi } from "../../live";
import { href } from "../../router";
import { whyUpkeep } from "../../said/upkeep";
import { isRole } from "../../session";
import { Button, Card, Icon, Loaded } from "../../ui";
import { type Doc } from "./doc";
import { UsageView } from "./usage";

const t = dict(
  EN && {
    title: "What to do next", publish: "Publish", nothing: "Nothing. No open chore is about it.", look: "Look", draft: "It is a draft: nobody is answered from it yet. Publish it when it is right.", archived: "It is archived: no reply rests on it.",
    edited: "Operators change {n} of {all} drafts that rest on it. See what they write instead.", rejected: "Operators reject {n} of {all} drafts that rest on it. See why.", see: "See why", used: "Is it used?", more: { one: "and {n} more chore", other: "and {n} more chores" },
    excluded: "Somebody has excluded it: no reply rests on it.",
  },
  RU && {
    title: "Что сделать дальше", publish: "Опубликовать", nothing: "Ничего: открытых задач нет.", look: "Посмотреть", draft: "Это черновик: по нему пока никому не отвечают. Когда всё верно — опубликуйте.", archived: "Это в архиве: ответы на это не опираются.",
    edited: "Операторы правят {n} из {all} черновиков, которые на это опираются. Посмотрите, что пишут вместо.", rejected: "Операторы отклоняют {n} из {all} черновиков, которые на это опираются. Посмотрите почему.", see: "Почему", used: "Пользуются ли этим?", more: { one: "и ещё {n} задача", few: "и ещё {n} задачи", many: "и ещё {n} задач", other: "и ещё {n} задачи" },
    excluded: "Это исключено человеком: ответы на это не опираются.",
  },
);

/** So many drafts must have rested on it before what became of them says something. */
const enough = 5;
const shown = 3;

interface Step {
  says: string;
  href?: string;
  label?: string;
  run?(): unknown;
}

function steps(d: Doc, learning: SourceLearning | undefined, publish: () => unknown): Step[] {
  const out: Step[] = [];
  const use = href("knowledge/articles", d.id, { tab: "use" });
  if (d.status === "draft") out.push({ says: t("draft"), label: t("publish"), run: publish });
  if (d.status === "archived") out.push({ says: t("archived"), label: t("publish"), run: publish });
  if (learning?.override === "exclude") out.push({ says: t("excluded"), href: use, label: t("look") });
  const u = learning?.usage;
  if (!u || u.served < enough) return out;
  const often = (n: number) => n * 3 > u.served;
  if (often(u.rejected)) out.push({ says: t("rejected", { n: number(u.rejected), all: number(u.served) }), href: use, label: t("see") });
  else if (u.edited * 2 > u.served) out.push({ says: t("edited", { n: number(u.edited), all: number(u.served) }), href: use, label: t("see") });
  return out;
}

export function Glance({ d, onPublish }: { d: Doc; onPublish(): unknown }) {
  const edits = isRole("editor", "admin");
  const learning = useApi<SourceLearning>(isRole("editor", "admin", "lead") ? "/v1/sources/" + seg(d.id) + "/learning" : null);
  const upkeep = useApi<ChorePage>(edits ? withQuery("/v1/upkeep", { document: d.id, limit: 20 }) : null);
  const chores = upkeep.data?.chores ?? [];
  const list: Step[] = [...steps(d, learning.data, onPublish), ...chores.slice(0, shown).map((c) => ({ says: whyUpkeep(c.why), href: href("upkeep", { document: d.id }), label: t("look") }))];
  return (
    <>
      {edits && upkeep.data && (
        <Card title={t("title")} class={list.length > 0 ? "knowledge-next" : ""}>
          {list.length === 0 ? <p class="knowledge-fine"><Icon name="check" size={16} />{t("nothing")}</p> : (
            <ul class="knowledge-steps">
              {list.map((s) => <li><span class="wrap" dir="auto">{s.says}</span>{s.label && <Button small href={s.href} onClick={s.run}>{s.label}</Button>}</li>)}
              {chores.length > shown && <li class="soft">{t("more", { n: chores.length - shown })}</li>}
            </ul>
          )}
        </Card>
      )}
      {(learning.data || learning.error) && <Card title={t("used")}><Loaded of={learning} rows={2}>{(l) => <UsageView usage={l.usage} />}</Loaded></Card>}
    </>
  );
}
