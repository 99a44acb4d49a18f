// What changes in a long text: what stays is shortened to a few words around it.
import { useMemo } from "preact/hooks";
import { changes } from "../../ui/diff";
import { common } from "../../words";
import { t } from "./words";

const around = 120;

function shortened(text: string, first: boolean, last: boolean): string {
  if (text.length <= 3 * around) return text;
  const head = first ? "" : text.slice(0, around).replace(/\S*$/, "");
  const tail = last ? "" : text.slice(-around).replace(/^\S*/, "");
  return (head + "\n…\n").trimStart() + tail.trimStart();
}

export function Folded({ before, after }: { before: string; after: string }) {
  const list = useMemo(() => changes(before.trimEnd(), after.trimEnd()), [before, after]);
  return (
    <div class="gaps-diff diff" dir="auto" tabIndex={0} role="group" aria-label={t("diff")}>
      {list.map((c, i) => c.kind === "same" ? (list.length === 1 ? <span class="soft">{t("noChange")}</span> : shortened(c.text, i === 0, i === list.length - 1))
        : c.kind === "added" ? <ins><span class="hidden">{common("wordsAdded")}: </span>{c.text}</ins>
          : <del><span class="hidden">{common("wordsRemoved")}: </span>{c.text}</del>)}
    </div>
  );
}
