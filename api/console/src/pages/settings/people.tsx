// Settings → People: who may sign in, as what, and who cannot at the moment.
import { useMemo, useState } from "preact/hooks";
import { api, seg } from "../../api";
import type { InvitedView, PeopleList, PersonView } from "../../api.gen";
import { ago, collate, dateTime } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import type { PageProps } from "../../pages";
import { go, href, useQuery } from "../../router";
import { session } from "../../session";
import { common, roles } from "../../words";
import { Badge, Button, Card, confirm, Dialog, Empty, errorOf, Facts, Form, Loaded, Notice, Page, Radio, Segments, Stack, Table, TextField, toast, Toolbar } from "../../ui";
import { Once, useForm } from "./shared";
import { t } from "./people_words";

const kinds = ["operator", "editor", "lead", "admin"] as const;
type Role = PersonView["role"];

const locked = (p: PersonView) => p.active && !!p.locked_until && new Date(p.locked_until) > new Date();
const stateOf = (p: PersonView) => (!p.active ? "off" : locked(p) ? "locked" : p.invited ? "invited" : "active");
const nameOf = (p: PersonView) => p.name || p.email;

function State({ of: p }: { of: PersonView }) {
  const s = stateOf(p);
  return <Badge tone={({ off: "plain", locked: "bad", invited: "warn", active: "good" } as const)[s]} title={p.locked_until && dateTime(p.locked_until)}>{t(s)}</Badge>;
}

function RoleChoice({ value, onChange }: { value: Role; onChange(r: Role): void }) {
  return <Radio label={t("role")} value={value} onChange={(v) => onChange(v as Role)} options={kinds.map((k) => ({ value: k, label: roles(k), hint: t(`${k}Hint`) }))} />;
}

interface Shown {
  person: string;
  link: InvitedView["link"];
}

export default function People({ rest }: PageProps) {
  const people = useApi<PeopleList>("/v1/people");
  const [filter, setFilter] = useQuery("show");
  const [inviting, setInviting] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);
  useKeys([{ keys: "n", label: t("invite"), run: () => setInviting(true) }]);
  const show = (v: InvitedView) => {
    setInviting(false);
    setShown({ person: nameOf(v.person), link: v.link });
    void people.reload();
  };
  const open = people.data?.people.find((p) => p.id === rest[0]);
  return (
    <Page title={t("title")} lead={t("lead")} actions={<Button kind="primary" icon="plus" keys="n" onClick={() => setInviting(true)}>{t("invite")}</Button>}>
      <Loaded of={people} as="rows" empty={(d) => d.people.length === 0 && (
        <Empty icon="people" title={t("none")} action={<Button kind="primary" onClick={() => setInviting(true)}>{t("invite")}</Button>}>{t("noneBody")}</Empty>)}>
        {({ people: all }) => {
          const out = all.filter(locked).length;
          const rows = filter ? all.filter((p) => stateOf(p) === filter) : all;
          return (
            <Stack>
              {out > 0 && <Notice tone="warn" action={<Button small onClick={() => setFilter("locked")}>{t("see")}</Button>}>{t("someLocked", { n: out })}</Notice>}
              {(filter || all.length > 5) && <Toolbar><Segments label={t("show")} value={filter} onChange={setFilter} options={[
                { value: "", label: common("all") }, ...(["active", "invited", "locked", "off"] as const).map((s) => ({ value: s, label: t(s) }))]} /></Toolbar>}
              <Card flush>
                <Table label={t("title")} rows={rows} id={(p) => p.id} onOpen={(p) => go("settings/people", p.id)} current={rest[0]} sorted="name"
                  empty={<Empty icon="people" title={t("noneSo")} action={<Button onClick={() => setFilter("")}>{t("showAll")}</Button>} />} columns={[
                  { key: "name", title: t("name"), main: true, sort: (a, b) => collate(nameOf(a), nameOf(b)),
                    cell: (p) => <><a class="row-title" href={href("settings/people", p.id)} tabIndex={-1}>{nameOf(p)}</a><span class="row-sub"><bdi class="settings-narrow">{roles(p.role)}</bdi><bdi>{p.email}</bdi></span></> },
                  { key: "role", title: t("role"), width: 170, wide: true, sort: (a, b) => collate(roles(a.role), roles(b.role)), cell: (p) => roles(p.role) },
                  { key: "state", title: t("state"), width: 160, sort: (a, b) => collate(stateOf(a), stateOf(b)), cell: (p) => <State of={p} /> },
                  { key: "seen", title: t("seen"), width: 150, wide: true, sort: (a, b) => (a.entered_at ?? "").localeCompare(b.entered_at ?? ""),
                    cell: (p) => p.entered_at ? <span title={dateTime(p.entered_at)}>{ago(p.entered_at)}</span> : "–" },
                ]} />
              </Card>
            </Stack>
          );
        }}
      </Loaded>
      {open && !shown && <Person key={open.id} of={open} reload={people.reload} show={show} />}
      {inviting && <Invite show={show} onClose={() => setInviting(false)} />}
      {shown && (
        <Once title={t(shown.link.kind)} label={t("link")} value={location.origin + shown.link.path} onClose={() => setShown(null)}>
          <p>{t(shown.link.kind === "invitation" ? "handOn" : "handReset", { who: shown.person, when: dateTime(shown.link.expires_at) })}</p>
        </Once>
      )}
    </Page>
  );
}

const blank = { email: "", name: "", role: "operator" as Role };

function Invite({ show, onClose }: { show(v: InvitedView): void; onClose(): void }) {
  const form = useForm("invite", blank);
  const { email, name, role } = form.value;
  const send = useAction(async () => {
    const made = await api.post<InvitedView>("/v1/people", { email: email.trim(), role, ...(name.trim() && { name: name.trim() }) });
    form.discard();
    show(made);
  }, true);
  return (
    <Dialog title={t("inviteTitle")} onClose={onClose}>
      <Form onSubmit={send.run}>
        <TextField label={t("email")} type="email" value={email} onInput={(v) => form.set({ email: v })} required autoFocus maxLength={254}
          error={send.error && (errorOf(send.error, "email") ?? send.error.detail)} />
        <TextField label={t("name")} value={name} onInput={(v) => form.set({ name: v })} optional maxLength={200} hint={t("nameHint")} />
        <RoleChoice value={role} onChange={(r) => form.set({ role: r })} />
        <div class="asking-actions"><Button onClick={onClose}>{common("cancel")}</Button><Button kind="primary" type="submit" busy={send.busy}>{t("makeLink")}</Button></div>
      </Form>
    </Dialog>
  );
}

function Person({ of: p, reload, show }: { of: PersonView; reload(): Promise<void>; show(v: InvitedView): void }) {
  const initial = useMemo(() => ({ role: p.role, name: p.name }), [p.role, p.name]);
  const [typed, setTyped] = useState<typeof initial | null>(null);
  const value = typed ?? initial;
  const dirty = value.role !== p.role || value.name !== p.name;
  const self = session.get()?.person.id === p.id;
  const shut = () => go("settings/people");
  const change = useAction(async (part: object, said: string) => {
    await api.patch("/v1/people/" + seg(p.id), part);
    toast(said);
    await reload();
    setTyped(null);
  });
  const save = async () => {
    if (value.role !== p.role && !(await confirm({ title: t("roleSure", { who: nameOf(p), role: roles(value.role) }), body: t("roleBody"), action: t("change") }))) return;
    await change.run({ ...(value.role !== p.role && { role: value.role }), ...(value.name !== p.name && { name: value.name }) }, t("saved"));
  };
  const reset = useAction(async () => {
    if (!p.invited && !(await confirm({ title: t("resetSure", { who: nameOf(p) }), body: t("resetBody"), action: t("reset"), danger: true }))) return;
    show(await api.post<InvitedView>("/v1/people/" + seg(p.id) + "/reset"));
  });
  const turn = async () => {
    if (p.active && !(await confirm({ title: t("offSure", { who: nameOf(p) }), body: t("offBody"), action: t("turnOff"), danger: true }))) return;
    await change.run({ active: !p.active }, t(p.active ? "turnedOff" : "turnedOn"));
  };
  return (
    <Dialog title={nameOf(p)} shape="side" onClose={shut} footer={dirty && (
      <><Button onClick={() => setTyped(null)}>{common("cancel")}</Button><Button kind="primary" busy={change.busy} onClick={save}>{common("save")}</Button></>)}>
      <Stack gap="l">
        <Facts items={[
          [t("email"), <bdi>{p.email}</bdi>], [t("state"), <State of={p} />], [t("seen"), p.entered_at ? dateTime(p.entered_at) : t("never")],
          locked(p) && [t("lockedUntil"), dateTime(p.locked_until)], p.oidc && [t("comes"), "OpenID"], [t("since"), dateTime(p.created_at)],
        ]} />
        {self && <Notice>{t("self")}</Notice>}
        <div class="form">
          <TextField label={t("name")} value={value.name} onInput={(v) => setTyped({ ...value, name: v })} maxLength={200} />
          <RoleChoice value={value.role} onChange={(r) => setTyped({ ...value, role: r })} />
        </div>
        <Stack gap="s">
          <Button icon="key" busy={reset.busy} onClick={reset.run} disabled={!p.active}>{t(p.invited ? "inviteAgain" : "reset")}</Button>
          <Button icon={p.active ? "lock" : "undo"} kind={p.active ? "danger" : "plain"} busy={change.busy} disabled={self} onClick={turn}>{t(p.active ? "turnOff" : "turnOn")}</Button>
          <a href={href("settings/audit", { who: "person:" + p.id })}>{t("didWhat")}</a>
        </Stack>
      </Stack>
    </Dialog>
  );
}
