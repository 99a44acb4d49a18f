// What leads to a document, article or case: only the server knows which.
import { api, ApiError, seg } from "../../api";
import { useAction } from "../../live";
import { linkTo } from "../../palette";
import { t } from "./words";

/** The title of a document, which opens it where a page shows it. */
export function DocLink({ id, title }: { id: string; title?: string }) {
  const open = useAction(async () => {
    let kind = "article";
    try {
      await api.get("/v1/articles/" + seg(id));
    } catch (e) {
      if (!(e instanceof ApiError) || e.kind !== "not_found") throw e;
      kind = "case";
    }
    location.hash = linkTo(kind, id) || location.hash;
  });
  const name = title ?? t("edit");
  if (!linkTo("article", id)) return <span class="wrap" dir="auto">{title === undefined ? "" : title || id}</span>;
  return <button type="button" class="upkeep-link" dir="auto" title={id} aria-busy={open.busy} onClick={open.run}>{name || id}</button>;
}
