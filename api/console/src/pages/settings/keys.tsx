// Settings → Keys: what programs call with.
import { useState } from "preact/hooks";
import { api, seg } from "../../api";
import type { KeyList, KeyView } from "../../api.gen";
import { collate, date, dateTime, dict } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import { common, roles } from "../../words";
import { Badge, Button, Card, Checkbox, confirm, Dialog, Empty, errorOf, Form, Loaded, Page, Radio, Stack, Table, TextField, toast, Toolbar } from "../../ui";
import { Once, useForm } from "./shared";

const t = dict(
  EN && {
    title: "Keys", lead: "With a key a program calls the API, bound to this workspace and to one role.", make: "New key", made: "The key", name: "What it is for", role: "Role", state: "State", at: "Made", works: "Works", revoked: "Revoked {when}",
    revoke: "Revoke", revokeOf: "Revoke {name}", sure: "Revoke “{name}”?", body: "Every process refuses it within five seconds. It cannot be brought back.", gone: "Revoked", none: "No keys yet", noneBody: "Make one for your helpdesk or for a script.", showRevoked: "Show revoked ones",
    nameHint: "A word by which you will know it, such as “Zendesk”.", useIt: "Send it in the header Authorization: Bearer … of every call.",
    helpdeskHint: "For a helpdesk system: asks for drafts, tells what became of them, makes widget tokens.", operatorHint: "Asks for drafts and tells what became of them.", editorHint: "Writes articles and closes gaps.", leadHint: "Reads reports and steers pilots.", adminHint: "Everything. Keep it where nobody else can read it.",
  },
  RU && {
    title: "Ключи", lead: "С ключом программа обращается к API; ключ привязан к этому пространству и одной роли.", make: "Новый ключ", made: "Ключ", name: "Для чего он", role: "Роль", state: "Состояние", at: "Создан", works: "Действует", revoked: "Отозван {when}",
    revoke: "Отозвать", revokeOf: "Отозвать: {name}", sure: "Отозвать «{name}»?", body: "В течение пяти секунд его перестанут принимать. Вернуть его нельзя.", gone: "Отозван", none: "Ключей пока нет", noneBody: "Создайте ключ для хелпдеска или для скрипта.", showRevoked: "Показать отозванные",
    nameHint: "Слово, по которому вы его узнаете, например «Zendesk».", useIt: "Передавайте его в заголовке Authorization: Bearer … каждого запроса.",
    helpdeskHint: "Для хелпдеска: просит черновики, сообщает, что с ними стало, делает токены виджета.", operatorHint: "Просит черновики и сообщает, что с ними стало.", editorHint: "Пишет статьи и закрывает пробелы.", leadHint: "Читает отчёты и ведёт пилоты.", adminHint: "Всё. Храните там, где его никто не прочтёт.",
  },
);

const kinds = ["helpdesk", "operator", "editor", "lead", "admin"] as const;
const blank = { name: "", role: "helpdesk" as (typeof kinds)[number] };

export default function Keys() {
  const keys = useApi<KeyList>("/v1/keys");
  const [making, setMaking] = useState(false);
  const [all, setAll] = useState(false);
  const [made, setMade] = useState<KeyView | null>(null);
  useKeys([{ keys: "n", label: t("make"), run: () => setMaking(true) }]);
  const revoke = useAction(async (k: KeyView) => {
    if (!(await confirm({ title: t("sure", { name: k.name }), body: t("body"), action: t("revoke"), danger: true }))) return;
    await api.del("/v1/keys/" + seg(k.id));
    toast(t("gone"));
    await keys.reload();
  });
  const make = <Button kind="primary" icon="plus" keys="n" onClick={() => setMaking(true)}>{t("make")}</Button>;
  return (
    <Page title={t("title")} lead={t("lead")} actions={make}>
      <Loaded of={keys} as="rows" empty={(d) => d.keys.length === 0 && <Empty icon="key" title={t("none")} action={make}>{t("noneBody")}</Empty>}>
        {({ keys: list }) => (
          <Stack>
            {list.some((k) => k.revoked_at) && <Toolbar><Checkbox toggle label={t("showRevoked")} checked={all} onChange={setAll} /></Toolbar>}
            <Card flush>
              <Table label={t("title")} rows={all ? list : list.filter((k) => !k.revoked_at)} id={(k) => k.id} sorted="-at" empty={<Empty icon="key" title={t("none")}>{t("noneBody")}</Empty>} columns={[
                { key: "name", title: t("name"), main: true, sort: (a, b) => collate(a.name, b.name), cell: (k) => <><span class="row-title">{k.name || "–"}</span><span class="row-sub">{roles.any(k.role)}</span></> },
                { key: "state", title: t("state"), width: 190, wide: true, cell: (k) => k.revoked_at ? <Badge>{t("revoked", { when: date(k.revoked_at) })}</Badge> : <Badge tone="good">{t("works")}</Badge> },
                { key: "at", title: t("at"), width: 150, wide: true, sort: (a, b) => a.created_at.localeCompare(b.created_at), cell: (k) => <span title={dateTime(k.created_at)}>{date(k.created_at)}</span> },
                { key: "do", title: common("actions"), bare: true, align: "end", width: 140, cell: (k) => !k.revoked_at && <Button small kind="danger" label={t("revokeOf", { name: k.name })} disabled={revoke.busy} onClick={() => revoke.run(k)}>{t("revoke")}</Button> },
              ]} />
            </Card>
          </Stack>
        )}
      </Loaded>
      {making && <Make onClose={() => setMaking(false)} show={(k) => { setMaking(false); setMade(k); void keys.reload(); }} />}
      {made && <Once title={t("made")} label={made.name || t("made")} value={made.secret ?? ""} onClose={() => setMade(null)}><p>{t("useIt")}</p></Once>}
    </Page>
  );
}

function Make({ show, onClose }: { show(k: KeyView): void; onClose(): void }) {
  const form = useForm("key", blank);
  const { name, role } = form.value;
  const make = useAction(async () => {
    const k = await api.post<KeyView>("/v1/keys", { name: name.trim(), role });
    form.discard();
    show(k);
  }, true);
  return (
    <Dialog title={t("make")} onClose={onClose}>
      <Form onSubmit={make.run}>
        <TextField label={t("name")} hint={t("nameHint")} value={name} onInput={(v) => form.set({ name: v })} required autoFocus maxLength={200} error={make.error && (errorOf(make.error, "name") ?? make.error.detail)} />
        <Radio label={t("role")} value={role} onChange={(v) => form.set({ role: v as typeof role })} options={kinds.map((k) => ({ value: k, label: roles(k), hint: t(`${k}Hint`) }))} />
        <div class="asking-actions"><Button onClick={onClose}>{common("cancel")}</Button><Button kind="primary" type="submit" busy={make.busy}>{common("add")}</Button></div>
      </Form>
    </Dialog>
  );
}
