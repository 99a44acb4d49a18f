// Settings → Workspace: how it learns, and where the panel for other helpdesks
// may be shown.
import { useMemo, useState } from "preact/hooks";
import type { Settings, WidgetView } from "../../api.gen";
import { dict, number } from "../../i18n";
import { useAction, useApi, type Live } from "../../live";
import { session } from "../../session";
import { common } from "../../words";
import { Button, Card, Checkbox, confirm, errorOf, Form, Loaded, Page, Radio, sayError, Stack, TextArea, TextField, toast } from "../../ui";
import { Met, saveOver, sayOn, useForm } from "./form";
import { numeric, SaveBar, typeable } from "./shared";

const t = dict(
  EN && {
    title: "Workspace", lead: "How “{name}” learns from its operators, and where its panel may be shown.", learning: "Learning", saved: "Saved. It counts from now on.",
    memory: "Solved tickets become cases", memoryHint: "A reply that closed a ticket is remembered and may be a source for the next one. Personal data is taken out first.",
    approve: "An editor approves each case", approveHint: "New cases are drafts and no source until an editor publishes them.",
    promote: "What was learned comes to serve", auto: "By itself", autoHint: "As soon as it has proven better on new questions; a pilot that tries it goes to its end first.", by_hand: "By hand", by_handHint: "It waits as a candidate until somebody says so under Learning.",
    risk: "Wrong among unattended replies, at most, %", riskHint: "Of 100 replies that go out without an operator, {n} may be wrong. Less means that more questions wait for a person.",
    half: "A judgement counts half after, days", halfHint: "What an operator did {n} days ago counts half as much as what was done today; after twice as long, a quarter. Short: learns and forgets fast.",
    cap: "Events from one operator a day, at most", capHint: "More than {n} in a day are refused, so that nobody, and no script, teaches everything alone.",
    range: "A number from {from} to {to}", atLeast: "A whole number of at least {from}",
    widget: "Panel in other helpdesks", widgetLead: "On the pages of these addresses the panel with draft and sources may be shown; with none, nowhere.", origins: "Addresses, one a line", originsHint: "As https://desk.example.org, without a path.", renew: "Renew tokens", renewSure: "Make every panel sign in again?", renewBody: "Tokens that were handed out stop working. Panels that are open ask their helpdesk for new ones.", renewed: "Tokens made before no longer work", docs: "How the panel is put into a page",
  },
  RU && {
    title: "Пространство", lead: "Как «{name}» учится у операторов и где можно показывать его панель.", learning: "Обучение", saved: "Сохранено и уже действует.",
    memory: "Решённые обращения становятся случаями", memoryHint: "Ответ, закрывший обращение, запоминается и может стать источником для следующего. Личные данные сначала убирают.",
    approve: "Каждый случай утверждает редактор", approveHint: "Новые случаи — черновики и не служат источником, пока редактор их не опубликует.",
    promote: "Выученное вводится в работу", auto: "Само", autoHint: "Как только докажет на новых вопросах, что лучше; пилот, который его пробует, сначала доводят до конца.", by_hand: "Вручную", by_handHint: "Ждёт кандидатом, пока кто-нибудь не введёт его в разделе «Обучение».",
    risk: "Неверных среди отправленных без оператора, не больше, %", riskHint: "Из 100 ответов, ушедших без оператора, неверных может быть {n}. Меньше — больше вопросов ждут человека.",
    half: "Оценка весит вдвое меньше через, дней", halfHint: "Сделанное оператором {n} дн. назад весит вдвое меньше сегодняшнего, через двойной срок — вчетверо. Коротко: быстро учится и забывает.",
    cap: "Событий от одного оператора в день, не больше", capHint: "Больше {n} в день не принимают, чтобы никто, в том числе скрипт, не учил всё в одиночку.",
    range: "Число от {from} до {to}", atLeast: "Целое число не меньше {from}",
    widget: "Панель в других хелпдесках", widgetLead: "На страницах с этих адресов можно показывать панель с черновиком и источниками; если их нет — нигде.", origins: "Адреса, по одному в строке", originsHint: "Вида https://desk.example.org, без пути.", renew: "Обновить токены", renewSure: "Заставить все панели войти заново?", renewBody: "Выданные токены перестанут действовать. Открытые панели попросят у своего хелпдеска новые.", renewed: "Прежние токены больше не действуют", docs: "Как поставить панель на страницу",
  },
);

export default function Workspace() {
  const settings = useApi<Settings>("/v1/settings");
  const widget = useApi<WidgetView>("/v1/widget");
  return (
    <Page title={t("title")} lead={t("lead", { name: session.get()?.workspace.name ?? "" })}>
      {settings.data ? <Learning of={settings.data} live={settings} /> : <Card title={t("learning")} icon="curve"><Loaded of={settings} as="form">{() => null}</Loaded></Card>}
      {widget.data ? <Widget of={widget.data} live={widget} /> : <Card title={t("widget")} icon="plug" lead={t("widgetLead")}><Loaded of={widget} as="form" rows={2}>{() => null}</Loaded></Card>}
    </Page>
  );
}

const typedAs = (s: Settings) => ({ ...s, risk: typeable(+(s.risk * 100).toFixed(2)), half_life_days: typeable(s.half_life_days), daily_cap: String(s.daily_cap) });

function Learning({ of: s, live }: { of: Settings; live: Live<Settings> }) {
  const initial = useMemo(() => typedAs(s), [s]);
  const [met, setMet] = useState(false);
  const form = useForm("learning", initial);
  const v = form.value;
  const risk = numeric(v.risk), half = numeric(v.half_life_days), cap = numeric(v.daily_cap);
  const wrong = {
    risk: risk === null || risk < 1 || risk > 50 ? t("range", { from: 1, to: 50 }) : undefined,
    half: half === null || half < 1 || half > 3650 ? t("range", { from: 1, to: 3650 }) : undefined,
    cap: cap === null || cap < 10 || !Number.isInteger(cap) ? t("atLeast", { from: 10 }) : undefined,
  };
  const bad = !!(wrong.risk || wrong.half || wrong.cap);
  const save = useAction(async () => {
    if (bad) return;
    const body = { case_memory: v.case_memory, approve_cases: v.approve_cases, promote: v.promote, risk: risk! / 100, half_life_days: half, daily_cap: cap };
    const done = await saveOver(live, "/v1/settings", () => body, typedAs);
    setMet(!done);
    if (!done) return;
    form.discard();
    toast(t("saved"));
  });
  return (
    <Card title={t("learning")} icon="curve">
      <Form onSubmit={save.run} class="settings-form" label={t("learning")}>
        {(met || form.clashes.length > 0) && <Met form={form} say={(x, key) => (key === "promote" ? t.any(String(x)) : sayOn(x))}
          labels={{ case_memory: t("memory"), approve_cases: t("approve"), promote: t("promote"), risk: t("risk"), half_life_days: t("half"), daily_cap: t("cap") }} />}
        <Checkbox toggle label={t("memory")} hint={t("memoryHint")} checked={v.case_memory} onChange={(on) => form.set({ case_memory: on })} />
        <Checkbox toggle label={t("approve")} hint={t("approveHint")} checked={v.approve_cases} disabled={!v.case_memory} onChange={(on) => form.set({ approve_cases: on })} />
        <Radio label={t("promote")} value={v.promote} onChange={(p) => form.set({ promote: p as Settings["promote"] })}
          options={[{ value: "auto", label: t("auto"), hint: t("autoHint") }, { value: "by_hand", label: t("by_hand"), hint: t("by_handHint") }]} />
        <div class="settings-number"><TextField label={t("risk")} value={v.risk} onInput={(x) => form.set({ risk: x })} hint={risk !== null && t("riskHint", { n: number(risk, 1) })} error={wrong.risk ?? errorOf(save.error, "risk")} /></div>
        <div class="settings-number"><TextField label={t("half")} value={v.half_life_days} onInput={(x) => form.set({ half_life_days: x })} hint={half !== null && t("halfHint", { n: number(half, 1) })} error={wrong.half ?? errorOf(save.error, "half_life_days")} /></div>
        <div class="settings-number"><TextField label={t("cap")} value={v.daily_cap} onInput={(x) => form.set({ daily_cap: x })} hint={cap !== null && t("capHint", { n: cap })} error={wrong.cap ?? errorOf(save.error, "daily_cap")} /></div>
        <SaveBar form={form} busy={save.busy} disabled={bad} onSave={save.run} />
      </Form>
    </Card>
  );
}

const linesOf = (w: WidgetView) => ({ text: w.origins.join("\n") });

function Widget({ of: w, live }: { of: WidgetView; live: Live<WidgetView> }) {
  const initial = useMemo(() => linesOf(w), [w]);
  const [met, setMet] = useState(false);
  const form = useForm("widget", initial);
  const origins = form.value.text.split(/\s+/).filter(Boolean);
  const save = useAction(async (renew: boolean) => {
    const done = await saveOver(live, "/v1/widget", (base) => (renew ? { origins: base.origins, renew: true } : { origins }), linesOf);
    setMet(!done);
    if (!done) return;
    if (!renew) form.discard();
    toast(t(renew ? "renewed" : "saved"));
  }, true);
  const error = save.error && (errorOf(save.error, "origins") ?? sayError(save.error));
  const renew = async () => {
    if (await confirm({ title: t("renewSure"), body: t("renewBody"), action: t("renew"), danger: true })) await save.run(true);
  };
  return (
    <Card title={t("widget")} icon="plug" lead={t("widgetLead")} actions={<Button small icon="refresh" disabled={save.busy} onClick={renew}>{t("renew")}</Button>}>
      <Form onSubmit={() => save.run(false)} class="settings-form" label={t("widget")}>
        {(met || form.clashes.length > 0) && <Met form={form} labels={{ text: t("origins") }} />}
        <TextArea label={t("origins")} value={form.value.text} onInput={(text) => form.set({ text })} hint={t("originsHint")} error={error} code rows={3} placeholder="https://desk.example.org" />
        <Stack row>
          <Button type="submit" kind={form.dirty ? "primary" : "plain"} disabled={!form.dirty} busy={save.busy}>{common("save")}</Button>
          {form.dirty && <Button kind="quiet" onClick={form.discard}>{common("undo")}</Button>}
          <a href="/docs#tag-widget" target="_blank" rel="noopener">{t("docs")}</a>
        </Stack>
      </Form>
    </Card>
  );
}
