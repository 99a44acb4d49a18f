// The middle of an open ticket: the draft, what there is to say of it, and what
// is done with it.
import { useState } from "preact/hooks";
import { newKey, online } from "../../api";
import { useDraft } from "../../draft";
import type { SuggestionView } from "../../api.gen";
import { ago, duration, percent } from "../../i18n";
import { useKeys } from "../../keys";
import { asError, useAction } from "../../live";
import { useStore } from "../../store";
import { Badge, Button, Checkbox, Dialog, Form, Menu, Notice, Radio, sayError, TextArea, toast, toastError } from "../../ui";
import { common } from "../../words";
import type { useDesk } from "./state";
import { tell, untell } from "./desk";
import { Editor } from "./editor";
import { sayLearned } from "./learned";
import type { Span } from "./spans";
import { t } from "./words";

type Desk = ReturnType<typeof useDesk>;

export function Composer({ desk, lit, pointed, onLit, onJump }: { desk: Desk; lit: number; pointed: string; onLit(span: number): void; onJump(span: Span): void }) {
  const { drafting, editing } = desk;
  const [dialog, setDialog] = useState<"" | "reject" | "tell">("");
  const made = drafting.made;
  const writing = drafting.phase === "writing";
  const loose = made?.sources.filter((c) => c.quarantined && editing.base.spans.some((s) => s.source === c.id)).length ?? 0;
  const stale = made?.sources.filter((c) => c.changed && editing.base.spans.some((s) => s.source === c.id)).length ?? 0;
  const bare = writing ? 0 : editing.spans.filter((s) => s.marker === 0 && editing.text.slice(s.start, s.end) === s.was).length;
  const answer = made?.answer as { notice?: string; method: string } | null | undefined;
  useKeys([{ keys: "r", label: t("reject"), run: () => setDialog("reject"), when: !!answer && !desk.rejected && !desk.sent && !desk.held && !desk.send.busy }]);
  if (desk.held || desk.send.busy) return <Held desk={desk} />;
  if (desk.sent || (desk.ticket.status !== "open" && !desk.again && !editing.kept)) return <Sent desk={desk} />;
  return (
    <div class="work-composer">
      <div class="work-notices">
        <Newer desk={desk} />
        {desk.before.kept && (
          <details class="work-before"><summary>{t("before")}</summary><p dir="auto">{desk.before.text}</p>
            <Button small icon="undo" onClick={() => { editing.set(desk.before.text); desk.before.discard(); }}>{t("restore")}</Button>{" "}
            <Button small kind="quiet" onClick={desk.before.discard}>{t("forget")}</Button></details>
        )}
        {desk.brought && editing.kept && <Notice action={<Button small kind="quiet" onClick={desk.backToDraft}>{t("original")}</Button>}>{t("kept", { when: ago(editing.at) })}</Notice>}
        {bare > 0 && <Notice tone="warn" action={<Button small onClick={desk.dropBare}>{t("dropBare", { n: bare })}</Button>}>{t("bareNotice", { n: bare })}</Notice>}
        {loose > 0 && <Notice tone="warn">{t("quarantinedNotice", { n: loose })}</Notice>}
        {stale > 0 && <Notice tone="warn" action={<Button small onClick={desk.redraft}>{t("redraftNow")}</Button>}>{t("staleNotice", { n: stale })}</Notice>}
        {answer?.notice && loose === 0 && <Notice>{answer.notice}</Notice>}
        {drafting.phase === "stopped" && <Notice tone="bad" action={<Button small onClick={desk.redraft}>{t("tryAgain")}</Button>}>{t("stopped")}</Notice>}
        {drafting.phase === "failed" && drafting.error && <Notice tone="bad" action={<Button small onClick={desk.redraft}>{t("tryAgain")}</Button>}>{t("failedDraft", { why: sayError(drafting.error) })}</Notice>}
        {made?.decision === "abstain" && <Abstained desk={desk} made={made} onTell={() => setDialog("tell")} />}
        {desk.rejected && <Notice>{t("rejected")}</Notice>}
      </div>
      <Editor text={desk.shown.text} spans={desk.shown.spans} sources={drafting.sources}
        lit={lit} pointed={pointed} writing={writing && !editing.kept} area={desk.area} placeholder={writing ? t("writingDraft") : t("reply")}
        onInput={desk.type} onLit={onLit} onJump={onJump} onUndo={editing.undo} onRedo={editing.redo} />
      <Actions desk={desk} onReject={() => setDialog("reject")} />
      {dialog === "reject" && made && <Reject desk={desk} made={made} onClose={() => setDialog("")} />}
      {dialog === "tell" && made && <Tell desk={desk} made={made} onClose={() => setDialog("")} />}
    </div>
  );
}

/** What stands over the draft: how sure it is, how long it took, thumbs. */
export function DraftHead({ desk }: { desk: Desk }) {
  const { drafting } = desk;
  const made = drafting.made;
  if (drafting.phase === "writing") {
    return <><span class="work-quiet work-pulse" role="status">{t("writingDraft")}</span><Button small kind="quiet" onClick={desk.writeMyself}>{t("writeMyself")}</Button></>;
  }
  if (!made?.answer) return null;
  return (
    <>
      <Badge tone={made.decision === "answer" ? "good" : "plain"}>{t("sure", { p: percent(made.confidence) })}</Badge>
      {drafting.ms !== undefined && <span class="work-quiet work-took">{t("arrived", { ms: duration(drafting.ms) })}</span>}
      <span class="work-thumbs">
        <Button small kind="quiet" icon="thumbUp" label={t("up")} pressed={desk.rating === "up"} onClick={() => desk.rate.run("up")} />
        <Button small kind="quiet" icon="thumbDown" label={t("down")} pressed={desk.rating === "down"} onClick={() => desk.rate.run("down")} />
      </span>
    </>
  );
}

function Newer({ desk }: { desk: Desk }) {
  const n = desk.newer.length;
  if (n === 0 && !desk.blocked) return null;
  return (
    <Notice tone="warn" action={<span class="work-choices">
      <Button small kind="primary" onClick={desk.redraft}>{t("redraftNow")}</Button>
      <Button small onClick={desk.keepMine}>{t("keepMine")}</Button>
    </span>}>
      <strong>{n > 0 ? t("newer", { n }) : t("answeredMeanwhile", { who: desk.lastAuthor })}</strong>
      {desk.blocked && <> {t("newerNot")}</>}
      {n > 0 && <q class="work-newest" dir="auto">{desk.newer.at(-1)?.text}</q>}
    </Notice>
  );
}

function Abstained({ desk, made, onTell }: { desk: Desk; made: SuggestionView; onTell(): void }) {
  const reason = made.abstain_reason;
  return (
    <section class="work-abstained" aria-label={t("abstains")}>
      <h3>{t("abstains")}</h3>
      <p>{t.any(reason)}{made.sources.length > 0 && " " + t("nearest")}</p>
      <p class="work-missing"><span class="work-quiet">{t("missing")}</span> <span dir="auto">{reason === "conflicting_sources" ? t("missingConflict") : t("missingBody", { q: short(desk.question) })}</span></p>
      {desk.told ? <p role="status">{t("told")}</p> : <Button icon="flag" onClick={onTell}>{t("tell")}</Button>}
    </section>
  );
}

const short = (s: string) => (s.length > 160 ? s.slice(0, 159).trimEnd() + "…" : s);

function Actions({ desk, onReject }: { desk: Desk; onReject(): void }) {
  const { editing, drafting, send } = desk;
  const made = drafting.made;
  const hasDraft = !!made?.answer;
  const up = useStore(online);
  return (
    <div class="work-actions">
      <div class="work-send">
        <Button kind="primary" icon="send" keys="mod+enter" busy={send.busy} disabled={drafting.phase === "writing" || desk.unfinished} onClick={() => desk.sendText()}>{t("send")}</Button>
        {hasDraft && editing.changed && !desk.rejected && <Button busy={send.busy} hint={t("asIsHint")} onClick={desk.sendAsIs}>{t("asIs")}</Button>}
      </div>
      <Checkbox label={t("sendSolve")} checked={desk.close} onChange={desk.setClose} />
      <p class={`work-state ${send.error ? "bad" : "work-quiet"}`} role="status">{send.error ? (send.error.kind === "offline" ? t(up ? "backOnline" : "notSent") : t("notSentWhy", { why: sayError(send.error) })) : editing.kept ? t("edited") : ""}</p>
      <div class="work-tools">
        <Button small kind="quiet" icon="undo" label={t("undo")} disabled={!editing.canUndo} onClick={editing.undo} />
        <Button small kind="quiet" class="work-redo" icon="undo" label={t("redo")} disabled={!editing.canRedo} onClick={editing.redo} />
        {hasDraft && !desk.rejected && <Button small kind="quiet" icon="close" keys="r" onClick={onReject}>{t("reject")}</Button>}
        <Menu label={t("moreDraft")} up items={[
          { label: t("original"), icon: "undo", disabled: !hasDraft || !editing.changed, onClick: desk.backToDraft },
          { label: t("redraft"), icon: "refresh", onClick: desk.redraft },
        ]} />
      </div>
    </div>
  );
}

/** A reply that can still be taken back. */
function Held({ desk }: { desk: Desk }) {
  return (
    <div class="work-sent work-held" id="work-held" tabIndex={-1}>
      <p class="work-going" role="status"><span class="work-tick" aria-hidden="true" />{t("sending")}</p>
      <div class="work-choices">
        <Button kind="primary" icon="right" id="work-next" keys="j" onClick={desk.next}>{t(desk.nextId === null ? "toQueue" : "next")}</Button>
        {desk.held && <Button icon="undo" keys="mod+z" onClick={desk.unsend}>{t("unsend")}</Button>}
        {desk.held && <Button kind="quiet" onClick={desk.sendNow}>{t("sendNow")}</Button>}
      </div>
      {desk.held && <p class="work-quiet">{t("heldHint")}</p>}
    </div>
  );
}

function Sent({ desk }: { desk: Desk }) {
  const { ticket } = desk;
  const last = [...(ticket.messages ?? [])].reverse().find((m) => m.role === "operator");
  return (
    <div class="work-sent">
      {desk.sent
        ? <p class="work-learned" role="status"><span class="work-tick" aria-hidden="true" />{sayLearned(desk.sent, desk.later)}</p>
        : <p class="work-learned">{last ? (last.author ? t("answeredBy", { when: ago(last.at), who: last.author }) : t("answered", { when: ago(last.at) })) : t("solvedSays")}</p>}
      {last && <blockquote dir="auto">{last.text}</blockquote>}
      <div class="work-choices">
        {desk.nextId !== null && <Button kind="primary" icon="right" id="work-next" keys="j" onClick={desk.next}>{t("next")}</Button>}
        {desk.nextId === null && <Button kind="primary" href="#/work">{t("toQueue")}</Button>}
        <Button icon="edit" onClick={desk.writeAgain}>{t("another")}</Button>
      </div>
      {desk.nextId === null && desk.sent && <p class="work-quiet">{t("lastOne")}</p>}
    </div>
  );
}

function Reject({ desk, made, onClose }: { desk: Desk; made: SuggestionView; onClose(): void }) {
  const [reason, setReason] = useState("wrong");
  const remark = useDraft("reject/" + made.id);
  const [id] = useState(newKey);
  const act = useAction(async () => {
    await tell(made.id, { id: "x-" + id, kind: "rejected", reason, text: remark.text.trim() || undefined });
    remark.discard();
    desk.afterReject("x-" + id);
    onClose();
  });
  return (
    <Dialog title={t("rejectTitle")} onClose={onClose}>
      <Form onSubmit={act.run}>
        <Radio label={t("why")} value={reason} onChange={setReason} options={(["wrong", "outdated", "incomplete", "wrong_tone", "not_needed", "other"] as const).map((v) => ({ value: v, label: t(v) }))} />
        <TextArea label={t("remark")} optional value={remark.text} onInput={remark.set} rows={2} onKeyDown={(e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void act.run(); }} />
        <div class="asking-actions"><Button onClick={onClose}>{common("cancel")}</Button><Button kind="danger" type="submit" busy={act.busy}>{t("rejectAction")}</Button></div>
      </Form>
    </Dialog>
  );
}

function Tell({ desk, made, onClose }: { desk: Desk; made: SuggestionView; onClose(): void }) {
  const said = useDraft("tell/" + made.id, desk.question.slice(0, 1000));
  const [id] = useState(newKey);
  const act = useAction(async () => {
    await tell(made.id, { id: "m-" + id, kind: "missing_knowledge", text: said.text.trim() });
    said.discard();
    onClose();
    desk.afterTelling();
    toast(t("told"), { action: { label: t("undo"), run: () => void untell(made, "m-" + id).then(() => desk.setTold(false), (e: unknown) => toastError(asError(e))) } });
  });
  return (
    <Dialog title={t("tellTitle")} onClose={onClose}>
      <Form onSubmit={act.run}>
        <p class="work-quiet">{t("tellLead")}</p>
        <TextArea label={t("missing")} value={said.text} onInput={said.set} rows={4} required autoFocus onKeyDown={(e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void act.run(); }} />
        <div class="asking-actions"><Button onClick={onClose}>{common("cancel")}</Button><Button kind="primary" type="submit" busy={act.busy} disabled={!said.text.trim()}>{t("tell")}</Button></div>
      </Form>
    </Dialog>
  );
}
