// One chore: what is wrong, both texts beside each other, and what to do.
import { useState, useMemo } from "preact/hooks";
import type { ChoreSays, ChoreView } from "../../api.gen";
import { api, seg } from "../../api";
import { date, dateTime, number } from "../../i18n";
import { useAction } from "../../live";
import { whyUpkeep } from "../../said/upkeep";
import { session } from "../../session";
import { Badge, Button, Card, Menu, Stack, ask, toast, type MenuItem } from "../../ui";
import { changes } from "../../ui/diff";
import { common } from "../../words";
import { OwnerDialog } from "../gaps/people";
import { DocLink } from "./document";
import { MergeDialog } from "./merge";
import { VerifyDialog } from "./verify";
import { t } from "./words";

const tones = { contradiction: "bad", duplicate: "warn", edited_fact: "warn", always_edited: "accent", stale: "plain", unused: "plain" } as const;

const counted = ["overdue_days", "used", "edited", "days", "tickets", "operators", "suggestions"] as const;
const isCounted = (k: string): k is (typeof counted)[number] => (counted as readonly string[]).includes(k);

export function Chore({ chore: c, onChange, onGone }: { chore: ChoreView; onChange(c: ChoreView): void; onGone(): void }) {
  const [open, setOpen] = useState<"" | "merge" | "verify" | "assign">("");
  const me = session.get()?.person.name ?? "";
  const patch = useAction(async (body: Record<string, unknown>, told: string) => {
    const was = c;
    onChange(await api.patch<ChoreView>("/v1/upkeep/" + seg(c.id), body));
    const undo = body.status && body.status !== "open" ? { label: common("undo"), run: async () => onChange(await api.patch<ChoreView>("/v1/upkeep/" + seg(was.id), { status: "open" })) } : undefined;
    toast(told, undo && { action: undo });
  });
  const dismiss = async () => {
    const reason = await ask({ title: t("dismissTitle"), body: t("dismissBody"), label: t("dismissReason"), action: t("dismissAction"), required: true });
    if (reason) await patch.run({ status: "dismissed", reason }, t("isDismissed"));
  };
  const owners: MenuItem[] = [
    ...(c.owner !== me ? [{ label: t("take"), icon: "person" as const, onClick: () => patch.run({ owner: me }, t("nowYours")) }] : []),
    { label: t("assign"), icon: "people", onClick: () => setOpen("assign") },
    ...(c.owner ? [{ label: t("giveBack"), icon: "undo" as const, onClick: () => patch.run({ owner: "" }, t("nobodys")) }] : []),
  ];
  const mergeable = !!c.other_id && c.why.startsWith("Two articles");
  const single = !c.other_id;
  const isOpen = c.status === "open";
  return (
    <Card class={`upkeep-chore${isOpen ? "" : " over"}`} title={<span class="wrap" dir="auto">{single ? c.title || t("gone") : whyUpkeep(c.why)}</span>}
      actions={<><Badge tone={tones[c.kind]}>{t.any("one_" + c.kind)}</Badge>{!isOpen && <Badge tone={c.status === "done" ? "good" : "plain"} icon={c.status === "done" ? "check" : "close"}>{t.any(c.status)}</Badge>}</>}>
      <Stack>
        {single && <p class="wrap" dir="auto">{whyUpkeep(c.why)}</p>}
        {c.other_id ? <Pair chore={c} /> : <Single chore={c} />}
        {!isOpen && (c.reason || c.author) && <p class="soft small-text wrap" dir="auto">{c.reason ? t("by", { who: c.author ?? "", why: c.reason }) : t("byWho", { who: c.author ?? "" })}</p>}
        <div class="upkeep-actions">
          {isOpen && c.kind === "stale" && <Button small icon="check" onClick={() => setOpen("verify")}>{t("verify")}</Button>}
          {isOpen && mergeable && <Button small icon="link" onClick={() => setOpen("merge")}>{t("merge")}</Button>}
          {isOpen && c.kind !== "stale" && <Button small icon="check" busy={patch.busy} onClick={() => patch.run({ status: "done" }, t("finished"))}>{t("finish")}</Button>}
          {isOpen && <Button small kind="quiet" onClick={dismiss}>{t("dismiss")}</Button>}
          {!isOpen && <Button small icon="undo" busy={patch.busy} onClick={() => patch.run({ status: "open" }, t("isOpen"))}>{t("reopen")}</Button>}
          <span class="upkeep-owner">{c.owner && <span class="soft small-text clip" dir="auto" title={c.owner}>{t("ownedBy", { who: c.owner })}</span>}{isOpen && <Menu label={t("owner")} icon="person" items={owners} />}</span>
        </div>
      </Stack>
      {open === "assign" && <OwnerDialog title={t("assignTitle")} owner={c.owner ?? ""} onDone={(owner) => patch.run({ owner }, owner ? t("ownedBy", { who: owner }) : t("nobodys"))} onClose={() => setOpen("")} />}
      {open === "merge" && <MergeDialog ids={[c.document_id, c.other_id ?? ""]} onClose={() => setOpen("")} onDone={onGone} />}
      {open === "verify" && <VerifyDialog id={c.document_id} onClose={() => setOpen("")} onDone={onGone} />}
    </Card>
  );
}

/** A quote as it is read: without the signs of Markdown, and with a mark where it was cut. */
const plain = (quote: string) => quote.replace(/\*\*|__|`|^#{1,6}\s+/gm, "").replace(/\[([^\]]+)\]\([^)\s]*\)/g, "$1").replace(/(?<=[\p{L}\p{N},])$/u, quote.length > 200 ? "…" : "");

/** A text with the places marked where it has any of the words. */
export function Marked({ text, words }: { text: string; words: string[] }) {
  const found = words.filter(Boolean).map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (found.length === 0) return <>{text}</>;
  const parts = text.split(new RegExp("(" + found.join("|") + ")", "giu"));
  return <>{parts.map((p, i) => (i % 2 ? <mark>{p}</mark> : p))}</>;
}

/** One of two texts, with what the other does not say marked. */
function Differing({ text, other }: { text: string; other: string }) {
  const list = useMemo(() => changes(other, text), [text, other]);
  return <>{list.map((c) => (c.kind === "same" ? c.text : c.kind === "added" && (c.text.trim() ? <mark>{c.text}</mark> : c.text)))}</>;
}

function Pair({ chore: c }: { chore: ChoreView }) {
  const [a, b] = c.passages;
  const sides: [string, string | undefined, ChoreSays | undefined, ChoreSays | undefined, string[]][] = [
    [c.document_id, c.title, a, b, c.words?.here ?? []], [c.other_id ?? "", c.other_title, b, a, c.words?.instead ?? []],
  ];
  return (
    <div class="upkeep-pair">
      {sides.map(([id, title, one, other, words]) => (
        <div class="upkeep-side">
          <h3><DocLink id={id} title={title} /></h3>
          <p class="soft small-text">{one && <span title={dateTime(one.updated_at)}>{t("changed", { when: date(one.updated_at) })}</span>} {one && other && one.updated_at.slice(0, 10) > other.updated_at.slice(0, 10) && <Badge tone="accent">{t("newer")}</Badge>}</p>
          {one && <blockquote class="upkeep-quote" dir="auto">{c.kind === "contradiction" && words.length > 0 ? <Marked text={plain(one.quote)} words={words.map(plain)} /> : <Differing text={plain(one.quote)} other={plain((other ?? one).quote)} />}</blockquote>}
        </div>
      ))}
    </div>
  );
}

function Single({ chore: c }: { chore: ChoreView }) {
  const counts = Object.entries(c.counts ?? {});
  return (
    <>
      {(c.passages.length > 0 || c.words) && (
        <div class="upkeep-pair">
          {c.passages.slice(0, 1).map((p) => <section class="upkeep-side"><h3>{t("says")}</h3><blockquote class="upkeep-quote" dir="auto"><Marked text={plain(p.quote)} words={(c.words?.here ?? []).map(plain)} /></blockquote></section>)}
          {c.words && c.words.instead.length > 0 && <section class="upkeep-side"><h3>{t("writes")}</h3><blockquote class="upkeep-quote" dir="auto">{c.words.instead.map((w, i) => <>{i > 0 && ", "}<mark>{w}</mark></>)}</blockquote></section>}
        </div>
      )}
      <p class="upkeep-counts small-text"><DocLink id={c.document_id} />{counts.map(([k, n]) => <span class="soft">{isCounted(k) ? t(k, { n }) : `${k}: ${number(n)}`}</span>)}</p>
    </>
  );
}
