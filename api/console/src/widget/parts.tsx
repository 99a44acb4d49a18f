// Small parts of the panel. The console's bring with them what only the console
// needs, and the panel is loaded anew beside every ticket.
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, isAbort } from "../api";
import { lang } from "../i18n";
import { Icon, type IconName } from "./icon";
import { refused } from "./refused";
import { t } from "./words";

interface ButtonProps {
  children?: ComponentChildren;
  kind?: "primary" | "plain" | "quiet" | "danger";
  icon?: IconName;
  /** Needed if there is only an icon. */
  label?: string;
  /** The letter that does the same; useLetters makes it work. */
  letter?: string;
  busy?: boolean;
  disabled?: boolean;
  small?: boolean;
  submit?: boolean;
  pressed?: boolean;
  onClick?(): unknown;
}

export function Button(p: ButtonProps) {
  return (
    <button type={p.submit ? "submit" : "button"} class={`button ${p.kind ?? "plain"}${p.small ? " small" : ""}${p.children ? "" : " only-icon"}`} disabled={p.disabled}
      aria-disabled={p.busy || undefined} aria-busy={p.busy || undefined} aria-pressed={p.pressed} aria-keyshortcuts={p.letter} title={p.label} aria-label={p.label}
      onClick={(e) => (p.busy ? e.preventDefault() : p.onClick?.())}>
      {p.busy ? <span class="spinner" aria-hidden="true" /> : p.icon && <Icon name={p.icon} size={16} />}
      {p.children}
      {p.letter && <kbd aria-hidden="true">{p.letter.toUpperCase()}</kbd>}
    </button>
  );
}

/** Runs what a letter stands for, on whatever layout, unless somebody is typing. */
export function useLetters(letters: Record<string, () => unknown>) {
  const latest = useRef(letters);
  latest.current = letters;
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || e.isComposing || (e.target as HTMLElement).matches("input, textarea")) return;
      const key = /^[a-z]$/i.test(e.key) ? e.key.toLowerCase() : e.code.replace(/^Key/, "").toLowerCase();
      if (!latest.current[key]) return;
      e.preventDefault();
      latest.current[key]!();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

/** What is shown in the place of a draft. */
export function State({ icon, title, children, action, tone }: { icon: IconName; title: string; children?: ComponentChildren; action?: ComponentChildren; tone?: "warn" }) {
  return (
    <div class={`state${tone ? " " + tone : ""}`} role="status">
      <span class="state-icon"><Icon name={icon} size={24} /></span>
      <h1>{title}</h1>
      {children && <div class="state-text">{children}</div>}
      {action}
    </div>
  );
}

/** Grey lines where the draft will be; shown only if it takes longer than a blink. */
export function Loading() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return <div class="loading">{late && [0, 1, 2, 3].map((i) => <span class={`bone bone-${i % 3}`} />)}</div>;
}

export function Notice({ tone = "info", children, action }: { tone?: "info" | "good" | "warn" | "bad"; children: ComponentChildren; action?: ComponentChildren }) {
  return (
    <div class={`notice ${tone}`} role={tone === "bad" || tone === "warn" ? "alert" : "status"}>
      <Icon name={tone === "good" ? "check" : tone === "info" ? "info" : "warn"} />
      <div class="notice-text">{children}</div>
      {action}
    </div>
  );
}

/** An error in a sentence. */
export function sayError(e: unknown): string {
  if (!(e instanceof ApiError)) return t("wentWrong");
  if (e.kind === "offline") return t("offline");
  if (lang.get() === "ru") return refused(e);
  return e.detail ? e.detail.replace(/^./, (c) => c.toUpperCase()) : t("wentWrong");
}

/** Something done at a press: busy while it runs, never twice at once; why it failed is in error. */
export function useDoing<A extends unknown[]>(fn: (...args: A) => Promise<unknown>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const locked = useRef(false);
  const latest = useRef(fn);
  latest.current = fn;
  const run = useCallback(async (...args: A) => {
    if (locked.current) return;
    locked.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await latest.current(...args);
    } catch (e) {
      if (!isAbort(e)) setError(e);
    } finally {
      locked.current = false;
      setBusy(false);
    }
  }, []);
  return { run, busy, error };
}
