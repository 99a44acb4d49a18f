// Dialogs: the browser's own, which keep the focus and close by Escape.
//
//   {open && <Dialog title={t("new")} onClose={() => setOpen(false)} footer={<Button kind="primary" …/>}>…</Dialog>}
//   if (!(await confirm({ title: t("sure"), body: t("what"), action: t("delete"), danger: true }))) return;
//   const why = await ask({ title: t("reject"), label: t("why"), action: t("reject") });   // null: cancelled
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { useDraft } from "../draft";
import { place } from "../router";
import { store, useStore } from "../store";
import { common } from "../words";
import { Button } from "./button";
import { Form, TextArea } from "./field";
import { regain } from "./layout";

export function Dialog(p: {
  title: string; children: ComponentChildren; onClose(): void; footer?: ComponentChildren;
  /** wide: for two columns; side: a sheet at the right edge. */
  shape?: "wide" | "side" | "palette";
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement as HTMLElement | null;
    dialog?.showModal();
    // What is asked for has the focus, not the cross above it.
    if (!dialog?.querySelector("[autofocus]")) {
      dialog?.querySelector<HTMLElement>(".dialog-body :is(input:checked, input:not([type=radio]), textarea, select):not(:disabled)")?.focus();
    }
    return () => {
      dialog?.close(); // what is behind takes no focus while it is open
      if (before?.isConnected) before.focus();
      regain();
    };
  }, []);
  return (
    <dialog ref={ref} class={`dialog ${p.shape ?? ""}`} aria-labelledby={id}
      onCancel={(e) => { e.preventDefault(); p.onClose(); }}
      onPointerDown={(e) => { if (e.target === e.currentTarget) p.onClose(); }}>
      <div class="dialog-box">
        <header class={p.shape === "palette" ? "hidden" : ""}>
          <h2 id={id} dir="auto">{p.title}</h2>
          <Button kind="quiet" small icon="close" label={common("close")} onClick={p.onClose} />
        </header>
        <div class="dialog-body">{p.children}</div>
        {p.footer && <footer>{p.footer}</footer>}
      </div>
    </dialog>
  );
}

interface Question {
  title: string;
  body?: ComponentChildren;
  /** What the button that goes on says: a verb, never "OK". */
  action: string;
  danger?: boolean;
}
interface Asked extends Question {
  label?: string;
  required?: boolean;
  answer(yes: boolean, text: string): void;
}

const asked = store<Asked | null>(null);

/** Asks whether to go on. */
export function confirm(q: Question): Promise<boolean> {
  return new Promise((done) => asked.set({ ...q, answer: (yes) => done(yes) }));
}

/** Asks for a text, such as a reason; null if the person thought better of it. */
export function ask(q: Question & { label: string; required?: boolean }): Promise<string | null> {
  return new Promise((done) => asked.set({ ...q, answer: (yes, text) => done(yes ? text : null) }));
}

/** Draws the questions of confirm and ask; the shell has one. */
export function Asking() {
  const q = useStore(asked);
  return q && <AskingOne key={q.title} q={q} />;
}

function AskingOne({ q }: { q: Asked }) {
  // A reason is often a sentence or two: it outlives a reload, at its place.
  const { text, set, discard } = useDraft("asked/" + place.get().path.join("/") + "/" + q.title);
  const id = useId();
  const end = (yes: boolean) => {
    if (yes && q.required && !text.trim()) return;
    asked.set(null);
    q.answer(yes, text.trim());
    if (yes) discard();
  };
  return (
    <Dialog title={q.title} onClose={() => end(false)}>
      <Form onSubmit={() => end(true)} class="asking">
        {q.body && <div class="asking-body">{q.body}</div>}
        {q.label && <TextArea label={q.label} value={text} onInput={set} required={q.required} autoFocus optional={!q.required}
          onKeyDown={(e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) end(true); }} />}
        <div class="asking-actions">
          <Button onClick={() => end(false)}>{common("cancel")}</Button>
          <Button id={id} kind={q.danger ? "danger" : "primary"} type="submit" autoFocus={!q.label}>{q.action}</Button>
        </div>
      </Form>
    </Dialog>
  );
}
