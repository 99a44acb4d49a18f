import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api";
import type { Cited, Told } from "../api.gen";
import { percent } from "../i18n";
import { useStore } from "../store";
import { host } from "./host";
import { Icon } from "./icon";
import { Button, Loading, Notice, State, sayError, useDoing, useLetters } from "./parts";
import { Source } from "./source";
import { Marked, bare, type Answer, type Stretch } from "./text";
import { t } from "./words";
import { again, askAgain, insert, rate, redraft, reject, spoken, tell, work, type State as Work } from "./work";

const offline = (e: unknown) => e instanceof ApiError && e.kind === "offline";

/** Whatever stands at the moment. */
export function Panel() {
  const w = useStore(work);
  if (w.phase === "stranger") return <State icon="lock" tone="warn" title={t("strangerTitle")}>{t("stranger")}</State>;
  if (w.expired && w.phase !== "done") {
    return <State icon="clock" title={t("expiredTitle")} action={host.framed && <Button icon="refresh" onClick={askAgain}>{t("askAgain")}</Button>}>{t("expired")}</State>;
  }
  if (w.phase === "waiting") return <State icon="inbox" title={t("waitingTitle")}>{t("waiting")}</State>;
  const stopped = w.phase === "failed" && w.text !== "";
  if (w.phase === "failed" && !stopped) {
    return <State icon={offline(w.error) ? "cloudOff" : "warn"} tone="warn" title={t("failed")} action={<Button icon="refresh" onClick={again}>{t("again")}</Button>}>{sayError(w.error)}</State>;
  }
  return (
    <>
      {w.expired && <Notice tone="warn" action={<Button small onClick={askAgain}>{t("askAgain")}</Button>}>{t("expiredTitle")}. {t("expired")}</Notice>}
      {w.newer && <Notice action={<Button small icon="refresh" onClick={redraft}>{t("redraft")}</Button>}>{t("newer")}</Notice>}
      {stopped && <Notice tone="bad" action={<Button small icon="refresh" onClick={again}>{t("again")}</Button>}>{t("stopped")}</Notice>}
      <Drafted key={w.made?.id ?? "writing"} w={w} />
    </>
  );
}

function stretches(a: Pick<Answer, "citations" | "unproven">): Stretch[] {
  const unproven = (a.unproven ?? []).map((u, i) => ({ ...u, id: 3000 + i }));
  return [...a.citations.map((c, i) => ({ start: c.start, end: c.end, id: i })), ...unproven];
}

function Drafted({ w }: { w: Work }) {
  const { made } = w;
  const answer = made?.answer;
  const citations = answer?.citations ?? [];
  // Which citations are lit: those of a sentence, or all of a source.
  const [lit, setLit] = useState<number[]>([]);
  const [shown, setShown] = useState<{ id: string } | undefined>(undefined);
  const of = (id: string) => citations.flatMap((c, i) => (c.source_id === id ? [i] : []));
  // The same stretch may rest on several sources: they have one place in the text.
  const along = (i: number) => citations.flatMap((c, k) => (c.start === citations[i]?.start && c.end === citations[i]?.end ? [k] : []));
  const source = (n: number): Cited | undefined => w.sources[n - 1];
  const unproven = (answer?.unproven?.length ?? 0) > 0;
  return (
    <>
      <section class="widget-draft" aria-busy={w.phase === "writing"} aria-label={t("draft")}>
        <header class="widget-head">
          <h1>{made && !answer ? t("abstained") : made?.decision === "answer" ? t("answer") : t("draft")}</h1>
          {answer && <span class="badge accent">{t("confidence", { share: percent(made!.confidence) })}</span>}
          {w.phase === "writing" && <span class="widget-writing" role="status"><span class="spinner" aria-hidden="true" />{t("writing")}</span>}
        </header>
        {made && !answer ? <Abstained w={w} /> : w.text === "" ? <Loading /> : (
          <div class="widget-text" onMouseLeave={() => setLit([])}>
            <Marked text={w.text} stretches={stretches(answer ?? { citations, unproven: w.unproven })} draw={{
              stretch: (id, kids) => id >= 3000
                ? <span class="widget-unproven" title={t("unproven")}>{kids}</span>
                : <span class={`widget-cited${lit.includes(id) ? " lit" : ""}`} onMouseEnter={() => setLit(along(id))}>{kids}</span>,
              marker: (n) => {
                const s = source(n);
                if (!s) return `[${n}]`;
                return (
                  <button type="button" class="widget-marker" aria-label={t("showSource", { n })} title={s.title} onFocus={() => setLit(of(s.id))} onBlur={() => setLit([])} onMouseEnter={() => setLit(of(s.id))}
                    onClick={() => setShown({ id: s.id })}>{n}</button>
                );
              },
            }} />
          </div>
        )}
        {unproven && <p class="widget-note"><Icon name="warn" size={16} />{t("unprovenNote")}</p>}
        {answer?.notice && <p class="widget-note"><Icon name="info" size={16} />{answer.notice}</p>}
        {answer && <Actions w={w} answer={answer} />}
      </section>
      {w.sources.length > 0 && (
        <section class="widget-sources" aria-label={t("sources")}>
          <h2>{made && !answer ? t("closest") : t("sources")}</h2>
          <ol>
            {w.sources.map((s, i) => (
              <Source key={s.id} n={i + 1} source={s} citations={citations} lit={lit} onLight={(on) => setLit(on ? of(s.id) : [])} shown={shown?.id === s.id ? shown : undefined} />
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function Abstained({ w }: { w: Work }) {
  const [told, setTold] = useState(false);
  const [text, setText] = useState("");
  const send = useDoing(async () => {
    await tell({ kind: "missing_knowledge", text: text.trim() });
    setTold(true);
  });
  return (
    <div class="widget-abstained">
      <p>{t.any(w.made?.abstain_reason ?? "no_evidence")}</p>
      {told ? <Notice tone="good">{t("told")}</Notice> : (
        <form class="form" onSubmit={(e) => { e.preventDefault(); void send.run(); }}>
          <div class="field"><label for="missing">{t("missing")}</label>
            <textarea id="missing" rows={2} maxLength={4000} dir="auto" value={text} onInput={(e) => setText(e.currentTarget.value)} /></div>
          <div class="widget-actions"><Button submit icon="flag" busy={send.busy} disabled={!text.trim()}>{t("tellEditors")}</Button></div>
          {send.error !== undefined && <Notice tone="bad">{sayError(send.error)}</Notice>}
        </form>
      )}
    </div>
  );
}

// copy puts a text on the clipboard, where a frame may not in the older way.
async function copy(text: string) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "hidden";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

const reasons: NonNullable<Told["reason"]>[] = ["wrong", "outdated", "incomplete", "wrong_tone", "not_needed", "other"];

function Actions({ w, answer }: { w: Work; answer: Answer }) {
  const answers = useStore(spoken);
  const [why, setWhy] = useState(false);
  const [done, setDone] = useState("");
  const put = useDoing(async () => {
    const told = insert();
    setDone(t("inserted"));
    await told;
  });
  const take = useDoing(async () => {
    await copy(bare(answer.text));
    setDone(t("copied"));
    await tell({ kind: "copied" });
  });
  const judge = useDoing(rate);
  const over = w.became !== undefined;
  const can = answers && !over;
  const letters: Record<string, () => unknown> = { c: take.run };
  if (can) letters.i = put.run;
  if (!over) letters.r = () => setWhy(true);
  useLetters(letters);
  if (over) {
    const b = w.became!;
    return <Notice tone={typeof b === "object" ? "info" : "good"}>{b === "sent" ? t("sentAsIs") : b === "edited" ? t("sentEdited") : t("rejected", { reason: t.any((b as { rejected: string }).rejected) })}</Notice>;
  }
  if (why) return <Reject close={() => setWhy(false)} />;
  const error = put.error ?? take.error ?? judge.error;
  return (
    <>
    <div class="widget-actions">
      {can && <Button kind="primary" icon="left" letter="i" busy={put.busy} onClick={put.run}>{t("insert")}</Button>}
      <Button kind={can ? "plain" : "primary"} letter="c" busy={take.busy} onClick={take.run}>{t("copy")}</Button>
      <span class="widget-thumbs">
        <Button kind="quiet" icon="thumbUp" label={t("good")} pressed={w.rated === "up"} busy={judge.busy} onClick={() => w.rated !== "up" && void judge.run("up")} />
        <Button kind="quiet" icon="thumbDown" label={t("bad")} pressed={w.rated === "down"} busy={judge.busy} onClick={() => w.rated !== "down" && void judge.run("down")} />
      </span>
      <Button kind="quiet" letter="r" onClick={() => setWhy(true)}>{t("reject")}</Button>
    </div>
    <p class="widget-done" role="status">{done && <><Icon name="check" size={16} />{done}</>}</p>
    {error !== undefined && <Notice tone="bad">{sayError(error)}</Notice>}
    </>
  );
}

function Reject({ close }: { close(): void }) {
  const [reason, setReason] = useState<NonNullable<Told["reason"]>>("wrong");
  const [remark, setRemark] = useState("");
  const send = useDoing(() => reject(reason, remark));
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => box.current?.querySelector("input")?.focus(), []);
  return (
    <form class="form widget-reject" ref={box} onSubmit={(e) => { e.preventDefault(); void send.run(); }}
      onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); close(); } }}>
      <fieldset class="radio"><legend>{t("rejectTitle")}</legend>
        {reasons.map((r) => (
          <label class="widget-reason"><input type="radio" name="reason" value={r} checked={reason === r} onChange={() => setReason(r)} />{t.any(r)}</label>
        ))}
      </fieldset>
      <div class="field"><label for="remark">{t("remark")} <span class="optional">({t("optional")})</span></label>
        <textarea id="remark" rows={2} maxLength={4000} dir="auto" value={remark} onInput={(e) => setRemark(e.currentTarget.value)} /></div>
      <div class="widget-actions">
        <Button kind="danger" submit busy={send.busy}>{t("rejectSend")}</Button>
        <Button kind="quiet" onClick={close}>{t("cancel")}</Button>
      </div>
      {send.error !== undefined && <Notice tone="bad">{sayError(send.error)}</Notice>}
    </form>
  );
}
