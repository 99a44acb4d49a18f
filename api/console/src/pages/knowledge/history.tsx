// The versions of a document, what each of them changed, and bringing one back.
import { useEffect, useState } from "preact/hooks";
import type { RevisionList, RevisionView } from "../../api.gen";
import { ago, dateTime, languageName } from "../../i18n";
import { useAction, useApi } from "../../live";
import { Badge, Button, Card, Folded, Loaded, Segments, Sides, Stack, toast } from "../../ui";
import { path, restore, writer, type Doc, type Kind } from "./doc";
import { t } from "./docwords";

const text = (r: RevisionView | undefined): string => (r && !r.deleted ? [r.title, r.body ?? "", r.problem ?? "", r.resolution ?? ""].filter(Boolean).join("\n\n") : "");
const fields = ["status", "locale", "audience", "product", "region", "tags", "url"] as const;

export function History({ kind, d, edits, onRestored }: { kind: Kind; d: Doc; edits: boolean; onRestored(doc: Doc): void }) {
  const revisions = useApi<RevisionList>(path(kind, d.id) + "/revisions");
  useEffect(() => void revisions.reload(), [d.revision]);
  const [at, setAt] = useState(0);
  const [against, setAgainst] = useState("before");
  const [look, setLook] = useState("inline");
  const bring = useAction(async (r: RevisionView) => {
    onRestored(await restore(kind, d.id, r.revision));
    setAt(0);
    toast(t("restored", { n: r.revision }));
  });
  return (
    <Loaded of={revisions} as="rows">
      {({ revisions: list }) => {
        const here = list.find((r) => r.revision === at) ?? list[0];
        if (!here) return null;
        const newest = list[0] as RevisionView;
        const other = against === "now" && here !== newest ? newest : list[list.indexOf(here) + 1];
        const [from, to] = other === newest ? [here, newest] : [other, here];
        const differing = from && to ? fields.filter((f) => JSON.stringify(from[f] ?? "") !== JSON.stringify(to[f] ?? "")) : [];
        return (
          <div class="knowledge-history">
            <Card flush>
              <ol class="knowledge-versions" aria-label={t("versions")}>
                {list.map((r) => (
                  <li>
                    <button type="button" aria-pressed={r === here} onClick={() => setAt(r.revision)}>
                      <strong>{t("version", { n: r.revision })} {r === newest && <Badge tone="accent">{t("current")}</Badge>} {r.deleted && <Badge tone="bad">{t("wasDeleted")}</Badge>}</strong>
                      <span class="row-sub" title={dateTime(r.at)}>{ago(r.at)} · {writer(r.author) ?? "–"}</span>
                    </button>
                  </li>
                ))}
              </ol>
            </Card>
            <Card title={t("version", { n: here.revision })} lead={dateTime(here.at)}
              actions={edits && here !== newest && !here.deleted && <Button icon="history" busy={bring.busy} onClick={() => bring.run(here)}>{t("restoreThis")}</Button>}>
              <Stack>
                <Stack row>
                  {here !== newest && <Segments label={t("compare")} value={against} onChange={setAgainst} options={[{ value: "before", label: t("before") }, { value: "now", label: t("now") }]} />}
                  <Segments label={t("look")} value={look} onChange={setLook} options={[{ value: "inline", label: t("inline") }, { value: "sides", label: t("sides") }]} />
                </Stack>
                {differing.length > 0 && to && <p class="soft">{t("changedFields", { what: differing.map((f) => fieldName(f) + " → " + (f === "locale" && to[f] ? languageName(to[f]!) : String(to[f] ?? "") || "–")).join("; ") })}</p>}
                {!from ? <p class="soft">{t("first")}</p> : text(from) === text(to) && <p class="soft">{t("nothingDiffers")}</p>}
                {look === "sides" && from && to ? <Sides before={text(from)} after={text(to)} titles={[t("version", { n: from.revision }), t("version", { n: to.revision })]} />
                  : <Folded before={text(from) || text(to)} after={text(to)} />}
              </Stack>
            </Card>
          </div>
        );
      }}
    </Loaded>
  );
}

const fieldName = (f: (typeof fields)[number]): string => t(f);
