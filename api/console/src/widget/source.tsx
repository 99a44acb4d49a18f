import { useEffect, useRef, useState } from "preact/hooks";
import type { Cited } from "../api.gen";
import { Icon } from "./icon";
import { safeUrl } from "../ui/markdown";
import { Marked, type Citation } from "./text";
import { t } from "./words";
import { tell } from "./work";

interface Props {
  n: number;
  source: Cited;
  citations: Citation[];
  /** The citations that are lit. */
  lit: number[];
  onLight(on: boolean): void;
  /** A new one opens it and brings it into sight. */
  shown?: object;
}

/** A source with its passage; what supports the draft is marked in it. */
export function Source({ n, source: s, citations, lit, onLight, shown }: Props) {
  const mine = citations.flatMap((c, id) => (c.source_id === s.id ? [{ start: c.from - s.start, end: c.to - s.start, id }] : []));
  const glows = mine.some((m) => lit.includes(m.id));
  const [open, setOpen] = useState<boolean | undefined>(undefined);
  const box = useRef<HTMLLIElement>(null);
  const told = useRef(false);
  useEffect(() => {
    if (!shown) return;
    setOpen(true);
    box.current?.scrollIntoView({ block: "nearest" });
    box.current?.querySelector("summary")?.focus();
  }, [shown]);
  const url = s.url && safeUrl(s.url);
  return (
    <li class={`widget-source${glows ? " lit" : ""}`} ref={box} onMouseEnter={() => onLight(true)} onMouseLeave={() => onLight(false)}>
      <details open={open ?? (mine.length > 0)} onToggle={(e) => {
        const now = e.currentTarget.open;
        if (now === (open ?? (mine.length > 0))) return;
        setOpen(now);
        if (now && !told.current) {
          told.current = true;
          void tell({ kind: "opened", source_id: s.id }).catch(() => {}); // that it was opened is no reason to disturb
        }
      }}>
        <summary onFocus={() => onLight(true)} onBlur={() => onLight(false)}>
          <span class="widget-number" aria-hidden="true">{n}</span>
          <span class="widget-title" dir="auto"><span class="hidden">{t("source", { n })}: </span>{s.title}</span>
          <Icon name="right" size={16} />
        </summary>
        <p class="widget-kind">
          {s.kind === "case" ? t("case") : t("article")}
          {s.audience === "internal" && <span class="badge warn">{t("internal")}</span>}
          {url && <a href={url} target="_blank" rel="noopener noreferrer">{new URL(url).host}<span class="hidden"> ({t("opens")})</span><Icon name="out" size={14} /></a>}
        </p>
        {s.quarantined && <p class="widget-note"><Icon name="warn" size={16} />{t("quarantined")}</p>}
        <div class="widget-quote">
          <Marked text={s.quote} stretches={mine} draw={{ stretch: (id, kids) => <mark class={lit.includes(id) ? "lit" : ""}>{kids}</mark> }} />
        </div>
      </details>
    </li>
  );
}
