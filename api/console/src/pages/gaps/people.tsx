// Who sees to something: those who may, by name.
import { useState } from "preact/hooks";
import type { AssigneeList } from "../../api.gen";
import { dict } from "../../i18n";
import { useAction, useApi } from "../../live";
import { session } from "../../session";
import { Button, Dialog, Form, Select, TextField } from "../../ui";
import { common } from "../../words";

const t = dict(
  EN && { owner: "Who sees to it", nobody: "Nobody", me: "{name} (you)", due: "Until" },
  RU && { owner: "Кто этим займётся", nobody: "Никто", me: "{name} (вы)", due: "Срок" },
);

export const myName = (): string => session.get()?.person.name ?? "";

const called = (name: string): string => (name === myName() ? t("me", { name }) : name);

/** The names that something can be given to, one's own first, and those that have something already. */
export function useOwners(also: readonly (string | undefined)[] = []): { value: string; label: string }[] {
  const list = useApi<AssigneeList>("/v1/people/assignees");
  const names = new Set([myName(), ...(list.data?.people ?? []).map((p) => p.name), ...also]);
  return [...names].filter((n): n is string => !!n).map((value) => ({ value, label: called(value) }));
}

export function OwnerSelect(p: { label: string; value: string; was?: string; onChange(owner: string): void }) {
  const owners = useOwners([p.was, p.value]);
  return <Select label={p.label} value={p.value} onChange={p.onChange} placeholder={t("nobody")} options={owners} />;
}

/** A day as the date field has it. A deadline is the same day for everybody, wherever they are. */
const dayOf = (at: string | undefined): string => (at ? new Date(at).toISOString().slice(0, 10) : "");

const endOf = (day: string): string => day + "T23:59:59Z";

interface DialogProps {
  title: string;
  owner: string;
  /** Asked for unless it is undefined; "" is none yet. */
  due?: string;
  onDone(owner: string, due: string): Promise<boolean>;
  onClose(): void;
}

/** Who, and where it matters until when. */
export function OwnerDialog(p: DialogProps) {
  const [owner, setOwner] = useState(p.owner || myName());
  const [due, setDue] = useState(dayOf(p.due));
  const submit = useAction(async () => {
    if (await p.onDone(owner, owner && due ? endOf(due) : "")) p.onClose();
  }, true);
  return (
    <Dialog title={p.title} onClose={p.onClose}>
      <Form onSubmit={submit.run}>
        <OwnerSelect label={t("owner")} value={owner} was={p.owner} onChange={setOwner} />
        {p.due !== undefined && <TextField label={t("due")} type="date" value={due} onInput={setDue} optional disabled={!owner} />}
        <div class="asking-actions"><Button onClick={p.onClose}>{common("cancel")}</Button><Button kind="primary" type="submit" busy={submit.busy}>{common("save")}</Button></div>
      </Form>
    </Dialog>
  );
}
