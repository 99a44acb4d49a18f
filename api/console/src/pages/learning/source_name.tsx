import type { SourceLearning } from "../../api.gen";
import { seg } from "../../api";
import { useApi } from "../../live";
import { href } from "../../router";

/** A source by its title, once that is read; its id until then. */
export function SourceName({ id }: { id: string }) {
  const s = useApi<SourceLearning>("/v1/sources/" + seg(id) + "/learning");
  return <><a class="row-title" href={href("learning/sources", id)} tabIndex={-1} dir="auto">{s.data?.title || id}</a><span class="row-sub">{id}</span></>;
}
