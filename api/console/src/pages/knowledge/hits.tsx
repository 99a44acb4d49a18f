// What a search came to.
import type { ApiError } from "../../api";
import type { FoundView, SourceView } from "../../api.gen";
import { number } from "../../i18n";
import { href } from "../../router";
import { Badge, Button, Card, Empty, Failure, Loading, Stack } from "../../ui";
import { home, snippet, type Kind } from "./doc";
import { StatusBadge } from "./list";
import { t } from "./words";

export interface Found {
  loading: boolean;
  error?: ApiError;
  sources?: SourceView[];
  named?: FoundView[];
}

export function Hits({ found, kind, q }: { found: Found; kind: Kind; q: string }) {
  if (found.error) return <Failure error={found.error} />;
  if (!found.sources) return <Loading as="rows" rows={6} />;
  const ids = new Set(found.sources.map((s) => s.id));
  const named = (found.named ?? []).filter((f) => !ids.has(f.id));
  return (
    <div class={found.loading ? "knowledge-dim" : ""} aria-busy={found.loading}>
      <Stack>
        <Card flush>
          {found.sources.length === 0 ? <Empty icon="search" title={t("nothingFound")}>{t("nothingFoundBody")}</Empty> : (
            <>
              <div class="knowledge-note"><span>{t("best")}</span><Button small kind="quiet" icon="spark" href={href("try", { q })}>{t("tryIt")}</Button></div>
              <ol class="knowledge-hits">
                {found.sources.map((s, i) => (
                  <li>
                    <span class="knowledge-rank" aria-hidden="true">{i + 1}</span>
                    <div>
                      <a class="row-title wrap" dir="auto" href={href(home(kind), s.id)}>{s.title || t("untitled")}</a>
                      <p class="knowledge-quote" dir="auto">{snippet(s.quote, 400)}</p>
                    </div>
                    <Badge>{number(s.score, 2)}</Badge>
                  </li>
                ))}
              </ol>
            </>
          )}
        </Card>
        {named.length > 0 && (
          <Card title={t("byName")} flush>
            <ol class="knowledge-hits">
              {named.map((f) => <li><div><a class="row-title wrap" dir="auto" href={href(home(kind), f.id)}>{f.title || f.id}</a></div><StatusBadge status={f.status} /></li>)}
            </ol>
          </Card>
        )}
      </Stack>
    </div>
  );
}
