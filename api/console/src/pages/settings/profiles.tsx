// Settings → Profiles: how suggestions are made.
import { useMemo, useState } from "preact/hooks";
import { api, seg } from "../../api";
import type { Profile, ProfileList, RankerList } from "../../api.gen";
import { collate, percent } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi, type Live } from "../../live";
import type { PageProps } from "../../pages";
import { go, href } from "../../router";
import { common } from "../../words";
import { Button, Card, confirm, Dialog, errorOf, Form, Loaded, NotFound, Notice, Page, Radio, Table, TextArea, TextField, toast } from "../../ui";
import { Met, saveOver, useForm } from "./form";
import { numeric, SaveBar, typeable } from "./shared";
import { t } from "./profiles_words";

const rankerOf = (p: Profile) =>
  !p.ranker || p.ranker === "serving" ? t("serving") : p.ranker === "newest" ? t("newest") : p.ranker === "none" ? t("noRanker") : t("version", { n: p.ranker });

export default function Profiles({ rest }: PageProps) {
  return rest[0] ? <One key={rest[0]} name={rest[0]} /> : <List />;
}

function List() {
  const profiles = useApi<ProfileList>("/v1/profiles");
  const [making, setMaking] = useState(false);
  useKeys([{ keys: "n", label: t("make"), run: () => setMaking(true) }]);
  return (
    <Page title={t("title")} lead={t("lead")} actions={<Button kind="primary" icon="plus" keys="n" onClick={() => setMaking(true)}>{t("make")}</Button>}>
      <Loaded of={profiles} as="rows">
        {({ profiles: list }) => (
          <>
            <Card flush>
              <Table label={t("title")} rows={[...list].sort((a, b) => Number(b.name === "default") - Number(a.name === "default"))} id={(p) => p.name ?? ""} onOpen={(p) => go("settings/profiles", p.name ?? "")} columns={[
                { key: "name", title: t("name"), main: true, sort: (a, b) => collate(a.name ?? "", b.name ?? ""), cell: (p) => <><a class="row-title" href={href("settings/profiles", p.name ?? "")} tabIndex={-1}>{p.name}</a>{p.instructions && <span class="row-sub">{p.instructions.slice(0, 120)}</span>}</> },
                { key: "draft", title: t("drafts"), width: 130, align: "end", sort: (a, b) => a.min_draft - b.min_draft, cell: (p) => percent(p.min_draft) },
                { key: "answer", title: t("answers"), width: 170, align: "end", wide: true, sort: (a, b) => a.min_answer - b.min_answer, cell: (p) => percent(p.min_answer) },
                { key: "ranker", title: t("ranker"), width: 200, wide: true, cell: rankerOf },
              ]} />
            </Card>
            {making && <Make taken={list.map((p) => p.name ?? "")} from={list.find((p) => p.name === "default")!} onClose={() => setMaking(false)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Make({ taken, from, onClose }: { taken: string[]; from: Profile; onClose(): void }) {
  const form = useForm("profile", { name: "" });
  const name = form.value.name.trim();
  const wrong = taken.includes(name) ? t("taken") : name && !/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name) ? t("nameWrong") : undefined;
  const make = useAction(async () => {
    if (wrong || !name) return;
    await api.put("/v1/profiles/" + seg(name), { ...from, name }, { ifMatch: 0 }); // two who name theirs alike make one each
    form.discard();
    go("settings/profiles", name);
  }, true);
  return (
    <Dialog title={t("make")} onClose={onClose}>
      <Form onSubmit={make.run}>
        <p class="soft">{t("made")}</p>
        <TextField label={t("name")} hint={t("nameHint")} value={form.value.name} onInput={(v) => form.set({ name: v })} required autoFocus spellcheck={false} error={wrong ?? (make.error && (errorOf(make.error, "name") ?? make.error.detail))} />
        <div class="asking-actions"><Button onClick={onClose}>{common("cancel")}</Button><Button kind="primary" type="submit" busy={make.busy}>{t("make")}</Button></div>
      </Form>
    </Dialog>
  );
}

function One({ name }: { name: string }) {
  const profile = useApi<Profile>("/v1/profiles/" + seg(name));
  const rankers = useApi<RankerList>("/v1/rankers");
  const standard = name === "default";
  const drop = useAction(async () => {
    const yes = await confirm(standard ? { title: t("resetSure"), body: t("resetBody"), action: t("reset"), danger: true } : { title: t("removeSure", { name }), body: t("removeBody"), action: t("remove"), danger: true });
    if (!yes) return;
    await api.del("/v1/profiles/" + seg(name));
    toast(t(standard ? "resetDone" : "removed"));
    if (standard) await profile.reload();
    else go("settings/profiles");
  });
  return (
    <Page title={name} back={{ label: t("back"), href: href("settings/profiles") }}
      actions={profile.data && <Button icon={standard ? "undo" : "trash"} kind={standard ? "plain" : "danger"} busy={drop.busy} onClick={drop.run}>{t(standard ? "reset" : "remove")}</Button>}>
      {profile.error?.kind === "not_found" ? <NotFound title={t("noSuch")} />
        : <Loaded of={profile} as="form">{(p) => <Editor of={p} name={name} live={profile} versions={rankers.data?.rankers.map((r) => r.version) ?? []} />}</Loaded>}
    </Page>
  );
}

const pct = (x: number) => typeable(+(x * 100).toFixed(2));

const typedAs = (p: Profile) => ({
  min_draft: pct(p.min_draft), min_answer: pct(p.min_answer), dense: typeable(p.weights.dense), lexical: (p.weights.lexical ?? []).map(typeable), window: typeable(p.window),
  meaning: pct(p.meaning), candidates: String(p.candidates), rescored: String(p.rescored), ranker: p.ranker || "serving", instructions: p.instructions ?? "",
});

function Editor({ of: p, name, live, versions }: { of: Profile; name: string; live: Live<Profile>; versions: number[] }) {
  const initial = useMemo(() => typedAs(p), [p]);
  const [met, setMet] = useState(false);
  const form = useForm("profile/" + name, initial);
  const v = form.value;
  const within = (text: string, from: number, to: number, whole?: boolean) => {
    const n = numeric(text);
    return n !== null && n >= from && n <= to && (!whole || Number.isInteger(n));
  };
  const share = (text: string) => (within(text, 0, 100) ? undefined : t("percentWrong"));
  const weight = (text: string) => (within(text, 0, 1e6) ? undefined : t("weightWrong"));
  const wrong = {
    draft: share(v.min_draft), answer: share(v.min_answer), dense: weight(v.dense), window: weight(v.window), meaning: share(v.meaning), lexical: v.lexical.map(weight),
    candidates: within(v.candidates, 1, 1000, true) ? undefined : t("whole", { from: 1, to: 1000 }), rescored: within(v.rescored, 0, 200, true) ? undefined : t("whole", { from: 0, to: 200 }),
  };
  const bad = Object.values(wrong).some((w) => (Array.isArray(w) ? w.some(Boolean) : w));
  const save = useAction(async () => {
    if (bad) return;
    const n = (text: string) => numeric(text)!;
    // What this form does not show, such as the calibration, stays as it is.
    const done = await saveOver(live, "/v1/profiles/" + seg(name), (base) => ({
      ...base, min_draft: n(v.min_draft) / 100, min_answer: n(v.min_answer) / 100, weights: { ...base.weights, dense: n(v.dense), lexical: v.lexical.map(n) }, window: n(v.window),
      meaning: n(v.meaning) / 100, candidates: n(v.candidates), rescored: n(v.rescored), ranker: v.ranker, instructions: v.instructions,
    }), typedAs);
    setMet(!done);
    if (!done) return;
    form.discard();
    toast(t("saved"));
  });
  const draft = numeric(v.min_draft) ?? 0, answer = numeric(v.min_answer) ?? 0;
  const number = (key: "min_draft" | "min_answer" | "dense" | "window" | "meaning" | "candidates" | "rescored", label: string, hint: string, error?: string) => (
    <div class="settings-number"><TextField label={label} hint={hint} value={v[key]} onInput={(x) => form.set({ [key]: x })} error={error ?? errorOf(save.error, key)} /></div>
  );
  const choices = [
    { value: "serving", label: t("serving"), hint: t("servingHint") }, { value: "newest", label: t("newest"), hint: t("newestHint") }, { value: "none", label: t("noRanker"), hint: t("noneHint") },
    ...[...new Set([...versions.slice(0, 5).map(String), ...(/^\d+$/.test(v.ranker) ? [v.ranker] : [])])].map((n) => ({ value: n, label: t("version", { n }) })),
  ];
  return (
    <Form onSubmit={save.run} class="stack" label={name}>
      {(met || form.clashes.length > 0) && <Met form={form} labels={{
        min_draft: t("minDraft"), min_answer: t("minAnswer"), dense: t("dense"), lexical: t("weights"), window: t("window"), meaning: t("meaning"), candidates: t("candidates"),
        rescored: t("rescored"), ranker: t("rankerChoice"), instructions: t("instructions"),
      }} />}
      <Card title={t("thresholds")} lead={t("thresholdsLead")}>
        <div class="settings-form">
          {answer < draft ? <Notice tone="warn">{t("crossed")}</Notice> : (
            <div class="settings-scale" role="img" aria-label={`${t("scale")}: 0–${draft} % ${t("nothing")}, ${draft}–${answer} % ${t("draft")}, ${answer}–100 % ${t("send")}`}>
              {([["", draft, "nothing"], ["mid", answer - draft, "draft"], ["top", 100 - answer, "send"]] as const).map(([cls, w, key]) => w > 0 && <span class={cls} style={{ "--w": w }} title={t(key)}>{w > 14 ? t(key) : ""}</span>)}
            </div>
          )}
          {number("min_draft", t("minDraft"), t("minDraftHint"), wrong.draft)}
          {number("min_answer", t("minAnswer"), t("minAnswerHint"), wrong.answer)}
        </div>
      </Card>
      <Card title={t("instructions")}>
        <div class="settings-form"><TextArea label={t("instructions")} bare hint={t("instructionsHint")} value={v.instructions} onInput={(x) => form.set({ instructions: x })} maxLength={8000} rows={4} error={errorOf(save.error, "instructions")} /></div>
      </Card>
      <Card title={t("learned")}>
        <Radio label={t("rankerChoice")} value={v.ranker} onChange={(x) => form.set({ ranker: x })} options={choices} />
      </Card>
      <Card title={t("weights")} lead={t("weightsLead")}>
        <div class="settings-form">
          {number("dense", t("dense"), t("denseHint"), wrong.dense)}
          {v.lexical.map((w, i) => (
            <div class="settings-number"><TextField label={t.any("l" + i)} hint={i % 2 ? t("gramsHint") : undefined} value={w} onInput={(x) => form.set({ lexical: v.lexical.map((y, k) => (k === i ? x : y)) })} error={wrong.lexical[i]} /></div>
          ))}
          {number("window", t("window"), t("windowHint"), wrong.window)}
          {number("meaning", t("meaning"), t("meaningHint"), wrong.meaning)}
          {number("candidates", t("candidates"), t("candidatesHint"), wrong.candidates)}
          {number("rescored", t("rescored"), t("rescoredHint"), wrong.rescored)}
        </div>
      </Card>
      <SaveBar form={form} busy={save.busy} disabled={bad} onSave={save.run} />
    </Form>
  );
}
