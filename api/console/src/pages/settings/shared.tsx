// What the pages of the settings have in common: secrets that are shown once,
// forms that keep what was typed, a copy button that also works without https.
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { ago, dict, lang } from "../../i18n";
import { useKeys } from "../../keys";
import { common } from "../../words";
import { Button, confirm, Dialog, Notice, TextField, toast } from "../../ui";
import type { Kept } from "./form";

export { useForm } from "./form";

const t = dict(
  EN && {
    once: "This is shown once. Copy it now: nobody can read it again, only make another.", notCopied: "Close without copying?", notCopiedBody: "It is not shown again.", close: "Close", copyFailed: "Copying did not work: select the text and copy it by hand.",
    unsaved: "Not saved yet, typed {when}.", undo: "Discard", done: "Done",
  },
  RU && {
    once: "Это показывают один раз. Скопируйте сейчас: прочитать снова нельзя, только сделать заново.", notCopied: "Закрыть, не скопировав?", notCopiedBody: "Снова это не покажут.", close: "Закрыть", copyFailed: "Скопировать не удалось: выделите текст и скопируйте вручную.",
    unsaved: "Ещё не сохранено, введено {when}.", undo: "Отменить правки", done: "Готово",
  },
);

/** A secret in a dialog that does not close by mistake. */
export function Once({ title, label, value, children, onClose }: { title: string; label: string; value: string; children?: ComponentChildren; onClose(): void }) {
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const asking = useRef(false);
  const copy = async () => {
    // Without https there is no clipboard, or it may not be written to; then the
    // selection is copied.
    const done = await navigator.clipboard?.writeText(value).then(() => true, () => false);
    field.current?.select();
    if (!done && !document.execCommand("copy")) return toast(t("copyFailed"), { bad: true });
    setCopied(true);
    toast(common("copied"));
  };
  const close = async () => {
    if (asking.current) return;
    asking.current = true;
    if (copied || (await confirm({ title: t("notCopied"), body: t("notCopiedBody"), action: t("close"), danger: true }))) onClose();
    asking.current = false;
  };
  return (
    <Dialog title={title} onClose={() => void close()} footer={<Button onClick={close}>{t("done")}</Button>}>
      <div class="form">
        {children}
        <div class="settings-once" onCopy={() => setCopied(true)}>
          <TextField label={label} value={value} onInput={() => {}} inputRef={field} spellcheck={false} />
          <Button kind="primary" icon={copied ? "check" : "link"} onClick={copy} autoFocus>{common(copied ? "copied" : "copy")}</Button>
        </div>
        <Notice tone="warn">{t("once")}</Notice>
      </div>
    </Dialog>
  );
}

/** Saves and discards; there while there is something to save. */
export function SaveBar({ form, busy, onSave, disabled }: { form: Pick<Kept<object>, "dirty" | "at" | "discard">; busy: boolean; onSave(): unknown; disabled?: boolean }) {
  useKeys([{ keys: "mod+s", label: common("save"), run: () => void onSave(), when: form.dirty && !busy && !disabled }]);
  if (!form.dirty) return null;
  return (
    <div class="settings-bar" role="group" aria-label={common("save")}>
      <span class="soft">{t("unsaved", { when: ago(form.at) })}</span>
      <Button kind="quiet" onClick={form.discard}>{t("undo")}</Button>
      <Button kind="primary" keys="mod+s" busy={busy} disabled={disabled} onClick={onSave}>{common("save")}</Button>
    </div>
  );
}

/** A number as it stands in a field to type in: 0.85, and 0,85 in Russian. */
export const typeable = (x: number): string => (lang.get() === "ru" ? String(x).replace(".", ",") : String(x));

/** A number as it is typed; null where it is none. */
export const numeric = (text: string): number | null => {
  const n = Number(text.replace(",", ".").trim());
  return text.trim() === "" || !Number.isFinite(n) ? null : n;
};
