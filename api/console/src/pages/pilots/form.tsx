// The form of a pilot. What is chosen is said in a sentence at once; what is
// typed stays through reloads until it is stored.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { api, seg } from "../../api";
import type { AcceptanceReport, PilotBody, PilotList, PilotView, ProfileList } from "../../api.gen";
import { collate, percent } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import { useDraft } from "../../draft";
import { go, href } from "../../router";
import { isRole } from "../../session";
import { Button, Card, Checkbox, errorOf, Field, Form, Loaded, Notice, Page, sayError, Select, Stack, TextField, toast } from "../../ui";
import { common } from "../../words";
import { profileName, says, split } from "./says";
import { t } from "./words";

/** Enter in the field of another group adds the group; it starts no pilot. */
const adding = () => !!document.activeElement?.closest(".pilots-add");

interface Typed extends PilotBody {
  name: string;
}

function parse(text: string, initial: Typed): Typed {
  try {
    return { ...initial, ...(JSON.parse(text) as Partial<Typed>) };
  } catch {
    return initial;
  }
}

/** Makes a pilot, or changes the one that is given. */
export function PilotForm({ of, onDone }: { of?: PilotView; onDone?: () => unknown }) {
  const profiles = useApi<ProfileList>("/v1/profiles");
  const pilots = useApi<PilotList>("/v1/pilots");
  const back = of ? { label: of.name, href: href("pilots", of.name) } : { label: t("back"), href: href("pilots") };
  return (
    <Page title={of ? t("editTitle", { name: of.name }) : t("newTitle")} back={back}>
      <Loaded of={profiles} as="form">{(p) => <Loaded of={pilots} as="form">{(all) => (
        <Fields of={of} onDone={onDone} profiles={p.profiles.map((x) => x.name ?? "default")} taken={of ? [] : all.pilots.map((x) => x.name)} />
      )}</Loaded>}</Loaded>
    </Page>
  );
}

function Fields({ of, onDone, profiles, taken }: { of?: PilotView; onDone?: () => unknown; profiles: string[]; taken: string[] }) {
  const other = profiles.filter((p) => p !== "default");
  const initial: Typed = of ? { name: of.name, profile: of.profile, control: of.control, groups: of.groups, percent: of.percent } : { name: "", profile: other.length === 1 ? other[0]! : "", groups: [], percent: 20 };
  const draft = useDraft("pilot/" + (of?.name ?? ""), JSON.stringify(initial));
  const [brought] = useState(draft.kept); // from an earlier visit
  const typed = parse(draft.text, initial);
  const set = (change: Partial<Typed>) => draft.set(JSON.stringify({ ...typed, ...change }));
  const [tried, setTried] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const wrong = !/^[\p{L}\p{N}._:@-]{1,64}$/u.test(typed.name) ? t("namePattern") : taken.includes(typed.name) ? t("nameTaken") : "";
  const same = (typed.control || "default") === typed.profile;
  const none = other.length === 0; // nothing to try
  const ready = !none && !wrong && !!typed.profile && !same;
  const send = useAction(async (start: boolean) => {
    setTried(true);
    if (!ready) return;
    const body: PilotBody = { profile: typed.profile, control: typed.control || undefined, groups: typed.groups?.length ? typed.groups : undefined, percent: typed.percent };
    await api.put("/v1/pilots/" + seg(typed.name), body);
    draft.clear();
    if (start) await api.post("/v1/pilots/" + seg(typed.name) + "/start");
    toast(t(start ? "started" : "saved", { name: typed.name }));
    await onDone?.();
    go("pilots", typed.name);
  }, true);
  useKeys([{ keys: "mod+enter", label: t(of ? "save" : "startNow"), run: () => void send.run(!of), when: !none }]);
  const options = profiles.map((p) => ({ value: p, label: p === "default" ? t("default") : p }));
  return (
    <Stack>
      {none && <Notice tone="warn" action={isRole("admin") && <Button small href={href("settings/profiles")}>{t("toProfiles")}</Button>}>{t("noProfiles")} {t(isRole("admin") ? "noProfilesYou" : "noProfilesAdmin")}</Notice>}
      <div class="pilots-form">
        <Card>
          <Form label={of ? t("save") : t("create")} onSubmit={() => !adding() && !none && send.run(!of)}>
            {brought && draft.kept && <Notice action={<Button small onClick={draft.discard}>{t("discard")}</Button>}>{t("restored")}</Notice>}
            {!of && <TextField label={t("name")} hint={t("nameHint")} value={typed.name} maxLength={64} inputRef={first} spellcheck={false} onInput={(name) => set({ name })} error={(tried || taken.includes(typed.name)) && wrong ? wrong : errorOf(send.error, "name")} />}
            <Select label={t("profile")} hint={t("profileHint")} value={typed.profile} placeholder={common("choose")} onChange={(profile) => set({ profile })} options={options} error={tried && !typed.profile ? common("required") : tried && same ? t("sameProfile") : errorOf(send.error, "profile")} />
            <Select label={t("control")} value={typed.control || "default"} onChange={(c) => set({ control: c === "default" ? undefined : c })} options={options} error={errorOf(send.error, "control")} />
            <Groups value={typed.groups ?? []} onChange={(groups) => set({ groups })} />
            <Percent value={typed.percent} onChange={(share) => set({ percent: share })} />
            {send.error && <Notice tone="bad">{sayError(send.error)}</Notice>}
            <div class="asking-actions">
              {!of && <Button busy={send.busy} disabled={none} onClick={() => send.run(false)}>{t("saveDraft")}</Button>}
              <Button kind="primary" type="submit" icon={of ? undefined : "play"} busy={send.busy} disabled={none} keys="mod+enter">{t(of ? "save" : "startNow")}</Button>
            </div>
          </Form>
        </Card>
        <section class="pilots-says" aria-live="polite">
          <h2>{t("happens")}</h2>
          <p class="pilots-sentence" dir="auto">{!typed.profile ? t("noProfile") : same ? t("sameProfile") : of?.status === "running" || !of ? split(typed) : says({ ...typed, status: of.status })}</p>
          {typed.profile && !same && <Dots share={typed.percent} tried={profileName(typed.profile)} others={profileName(typed.control)} />}
          <p class="soft small-text">{t("unattended")}</p>
        </section>
      </div>
    </Stack>
  );
}

/** The share as people: each of twenty stands for five in a hundred. */
export function Dots({ share, tried, others }: { share: number; tried: string; others: string }) {
  const n = Math.round(share / 5);
  return (
    <div>
      <div class="pilots-dots" aria-hidden="true">{Array.from({ length: 20 }, (_, i) => <span class={i < n ? "tried" : ""} />)}</div>
      <ul class="pilots-key small-text soft"><li><span class="tried" aria-hidden="true" />{t("arm_pilot")}: {tried}</li><li><span aria-hidden="true" />{t("arm_control")}: {others}</li></ul>
    </div>
  );
}

export function Percent({ value, onChange }: { value: number; onChange(v: number): void }) {
  const id = useId();
  const clamp = (v: string) => onChange(Math.max(0, Math.min(100, Math.round(Number(v) || 0))));
  return (
    <Field id={id} label={t("percent")}>
      <div class="pilots-percent">
        <input id={id} type="range" min={0} max={100} step={5} value={value} aria-valuetext={percent(value / 100)} onInput={(e) => clamp(e.currentTarget.value)} />
        <TextField label={t("percent")} bare type="number" min={0} max={100} value={String(value)} onInput={clamp} />
        <span aria-hidden="true">%</span>
      </div>
    </Field>
  );
}

function Groups({ value, onChange }: { value: string[]; onChange(v: string[]): void }) {
  const teams = useApi<AcceptanceReport>("/v1/reports/acceptance", { by: "team" });
  const [more, setMore] = useState("");
  const seen = (teams.data?.groups ?? []).map((g) => g.key).filter(Boolean).sort(collate);
  const known = [...new Set([...seen, ...value])];
  const add = () => {
    const name = more.trim();
    if (name && !value.includes(name)) onChange([...value, name]);
    setMore("");
  };
  return (
    <fieldset class="radio">
      <legend>{t("groups")}</legend>
      <div class="pilots-groups">{known.map((g) => <Checkbox label={g} hint={teams.data && !seen.includes(g) ? t("groupUnseen") : undefined} checked={value.includes(g)} onChange={(on) => onChange(on ? [...value, g] : value.filter((x) => x !== g))} />)}</div>
      <div class="pilots-add">
        <TextField label={t("addGroup")} value={more} maxLength={128} onInput={setMore} onKeyDown={(e) => { if (e.key === "Enter" && !e.ctrlKey && !e.metaKey) { e.preventDefault(); add(); } }} />
        <Button onClick={add} disabled={!more.trim()}>{t("addGroupDo")}</Button>
      </div>
      <p class="hint">{t("groupsHint")}</p>
    </fieldset>
  );
}

