// Short lines that come and go at the bottom.
//
//   toast(t("saved"));   toast(t("sent"), { action: { label: common("undo"), run } });   toastError(e);
import { store, useStore } from "../store";
import { common } from "../words";
import type { ApiError } from "../api";
import { Button } from "./button";
import { Icon } from "./icon";
import { sayError } from "./states";

interface Toast {
  id: number;
  text: string;
  bad?: boolean;
  action?: { label: string; run(): unknown };
}

const shown = store<Toast[]>([]);
let last = 0;

const drop = (id: number) => shown.set(shown.get().filter((t) => t.id !== id));

export function toast(text: string, o: { bad?: boolean; action?: Toast["action"]; ms?: number } = {}) {
  const id = ++last;
  shown.set([...shown.get().slice(-2), { id, text, bad: o.bad, action: o.action }]);
  setTimeout(() => drop(id), o.ms ?? (o.bad || o.action ? 9000 : 4500));
}

/** Tells of an error; being signed out tells by itself. */
export function toastError(e: ApiError) {
  if (e.kind !== "unauthorized") toast(sayError(e), { bad: true });
}

export function Toasts() {
  const all = useStore(shown);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {all.map((t) => (
        <div class={`toast${t.bad ? " bad" : ""}`} key={t.id}>
          <Icon name={t.bad ? "warn" : "check"} />
          <span class="toast-text">{t.text}</span>
          {t.action && <Button small kind="quiet" onClick={() => { drop(t.id); t.action?.run(); }}>{t.action.label}</Button>}
          <Button small kind="quiet" icon="close" label={common("dismiss")} onClick={() => drop(t.id)} />
        </div>
      ))}
    </div>
  );
}
