// Knowledge: articles and cases, listed and each by itself.
import { useEffect } from "preact/hooks";
import type { PageProps } from "../../pages";
import { place, replace } from "../../router";
import { useStore } from "../../store";
import { Document } from "./document";
import type { Kind } from "./doc";
import { List } from "./list";
import { NewArticle } from "./editor";

export default function Knowledge({ rest }: PageProps) {
  const which = useStore(place).path[1];
  const known = which === "articles" || which === "cases";
  useEffect(() => {
    if (!known) replace("knowledge/articles");
  }, [known]);
  const kind: Kind = which === "cases" ? "case" : "article";
  const id = known ? rest[0] : undefined;
  if (!id) return <List key={kind} kind={kind} />;
  if (kind === "article" && id === "new") return <NewArticle />;
  return <Document key={kind + id} kind={kind} id={id} />;
}
