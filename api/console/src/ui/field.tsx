// Fields of forms. Each draws its label, its hint and what is wrong with it,
// and ties them to the control.
//
//   <TextField label={t("name")} value={name} onInput={setName} error={errorOf(action.error, "name")} />
//   <Select label={t("role")} value={role} onChange={setRole} options={[{ value: "lead", label: t("lead") }]} />
import type { ComponentChildren, InputHTMLAttributes, Ref } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { ApiError } from "../api";
import { common } from "../words";

interface Frame {
  label: string;
  /** The label is for screen readers only. */
  bare?: boolean;
  hint?: ComponentChildren;
  error?: string;
  optional?: boolean;
  disabled?: boolean;
  class?: string;
}

/** What the server said of a field, if the error speaks of it. */
export function errorOf(e: ApiError | undefined, field: string): string | undefined {
  return e?.fields.find((f) => f.where === field || f.where.startsWith(field + "."))?.message;
}

/** The frame of a field, for controls of one's own: give id and describedBy to the control. */
export function Field(p: Frame & { id: string; children: ComponentChildren }) {
  return (
    <div class={`field${p.error ? " wrong" : ""}${p.class ? " " + p.class : ""}`}>
      <label for={p.id} class={p.bare ? "hidden" : ""}>{p.label}{p.optional && <span class="optional"> · {common("optional")}</span>}</label>
      {p.children}
      {p.hint && <div class="hint" id={p.id + "-hint"}>{p.hint}</div>}
      {p.error && <div class="wrong-text" id={p.id + "-error"} role="alert">{p.error}</div>}
    </div>
  );
}

const described = (id: string, p: Frame) => [p.hint && id + "-hint", p.error && id + "-error"].filter(Boolean).join(" ") || undefined;

export interface TextProps extends Frame {
  value: string;
  onInput(value: string): void;
  type?: "text" | "email" | "password" | "number" | "search" | "url" | "date" | "datetime-local";
  placeholder?: string;
  required?: boolean;
  maxLength?: number;
  min?: number | string;
  max?: number | string;
  step?: number | string;
  autoComplete?: string;
  autoFocus?: boolean;
  spellcheck?: boolean;
  onKeyDown?(e: KeyboardEvent): void;
  onBlur?(): void;
  inputRef?: Ref<HTMLInputElement>;
  list?: string[];
}

export function TextField(p: TextProps) {
  const id = useId();
  return (
    <Field {...p} id={id}>
      <input id={id} value={p.value} placeholder={p.placeholder} required={p.required} maxLength={p.maxLength} min={p.min} max={p.max} step={p.step}
        {...({ type: p.type ?? "text", list: p.list ? id + "-list" : undefined } as InputHTMLAttributes)} disabled={p.disabled} autoComplete={p.autoComplete ?? "off"} autoFocus={p.autoFocus} spellcheck={p.spellcheck} aria-describedby={described(id, p)}
        aria-invalid={p.error ? true : undefined} ref={p.inputRef} dir="auto"
        onInput={(e) => p.onInput(e.currentTarget.value)} onKeyDown={p.onKeyDown} onBlur={p.onBlur} />
      {p.list && <datalist id={id + "-list"}>{p.list.map((v) => <option value={v} />)}</datalist>}
    </Field>
  );
}

export interface AreaProps extends Frame {
  value: string;
  onInput(value: string): void;
  placeholder?: string;
  /** At least so many lines; it grows with its text up to most. */
  rows?: number;
  most?: number;
  maxLength?: number;
  required?: boolean;
  autoFocus?: boolean;
  /** A text of code: fixed width. */
  code?: boolean;
  areaRef?: { current: HTMLTextAreaElement | null };
  onKeyDown?(e: KeyboardEvent): void;
  onSelect?(start: number, end: number): void;
}

export function TextArea(p: AreaProps) {
  const id = useId();
  const own = useRef<HTMLTextAreaElement>(null);
  const ref = p.areaRef ?? own;
  useEffect(() => {
    const el = ref.current;
    if (!el) return;
    el.style.height = "auto";
    const line = parseFloat(getComputedStyle(el).lineHeight);
    el.style.height = Math.min(el.scrollHeight + 2, line * (p.most ?? 24) + 24) + "px";
  }, [p.value]);
  return (
    <Field {...p} id={id}>
      <textarea id={id} ref={ref} class={p.code ? "code" : ""} value={p.value} rows={p.rows ?? 3} placeholder={p.placeholder} maxLength={p.maxLength} required={p.required}
        disabled={p.disabled} autoFocus={p.autoFocus} aria-describedby={described(id, p)} aria-invalid={p.error ? true : undefined} dir="auto"
        onInput={(e) => p.onInput(e.currentTarget.value)} onKeyDown={p.onKeyDown}
        onSelect={(e) => p.onSelect?.(e.currentTarget.selectionStart, e.currentTarget.selectionEnd)} />
    </Field>
  );
}

export interface Choice {
  value: string;
  label: string;
  disabled?: boolean;
}

export function Select(p: Frame & { value: string; onChange(value: string): void; options: Choice[]; placeholder?: string; required?: boolean }) {
  const id = useId();
  return (
    <Field {...p} id={id}>
      <select id={id} value={p.value} disabled={p.disabled} required={p.required} aria-describedby={described(id, p)} aria-invalid={p.error ? true : undefined}
        onChange={(e) => p.onChange(e.currentTarget.value)}>
        {p.placeholder !== undefined && <option value="">{p.placeholder}</option>}
        {p.options.map((o) => <option key={o.value} value={o.value} disabled={o.disabled} selected={o.value === p.value}>{o.label}</option>)}
      </select>
    </Field>
  );
}

export function Checkbox(p: { label: string; checked: boolean; onChange(on: boolean): void; hint?: string; disabled?: boolean; toggle?: boolean }) {
  const id = useId();
  return (
    <div class={`check${p.toggle ? " toggle" : ""}`}>
      <input id={id} type="checkbox" role={p.toggle ? "switch" : undefined} checked={p.checked} disabled={p.disabled} aria-describedby={p.hint ? id + "-hint" : undefined}
        onChange={(e) => p.onChange(e.currentTarget.checked)} />
      <label for={id}>{p.label}{p.hint && <span class="hint" id={id + "-hint"}>{p.hint}</span>}</label>
    </div>
  );
}

/** One of a few, all in sight. */
export function Radio(p: { label: string; bare?: boolean; value: string; onChange(value: string): void; options: (Choice & { hint?: string })[]; inline?: boolean }) {
  const id = useId();
  return (
    <fieldset class={`radio${p.inline ? " inline" : ""}`}>
      <legend class={p.bare ? "hidden" : ""}>{p.label}</legend>
      {p.options.map((o, i) => (
        <div class="check">
          <input type="radio" id={`${id}-${i}`} name={id} checked={o.value === p.value} disabled={o.disabled} onChange={() => p.onChange(o.value)} />
          <label for={`${id}-${i}`}>{o.label}{o.hint && <span class="hint">{o.hint}</span>}</label>
        </div>
      ))}
    </fieldset>
  );
}

/** A few ways to look at the same, side by side; for filters. */
export function Segments(p: { label: string; value: string; onChange(value: string): void; options: Choice[] }) {
  return (
    <div class="segments" role="group" aria-label={p.label}>
      {p.options.map((o) => (
        <button type="button" aria-pressed={o.value === p.value} disabled={o.disabled} onClick={() => p.onChange(o.value)}>{o.label}</button>
      ))}
    </div>
  );
}

/** A form that is sent by Enter or its submit button, once at a time. */
export function Form(p: { onSubmit(): unknown; children: ComponentChildren; class?: string; label?: string }) {
  return (
    <form class={p.class ?? "form"} aria-label={p.label} onSubmit={(e: Event) => { e.preventDefault(); p.onSubmit(); }}>
      {p.children}
    </form>
  );
}
