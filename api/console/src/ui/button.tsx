import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { printed } from "../keys";
import { Icon, type IconName } from "./icon";

export interface ButtonProps {
  children?: ComponentChildren;
  /** primary: the one thing to do here, at most one in sight. */
  kind?: "primary" | "plain" | "quiet" | "danger";
  icon?: IconName;
  /** What it is called, where what is seen on it does not say it alone; also the tooltip. Needed if there is only an icon. */
  label?: string;
  /** A tooltip only: the visible text stays its name. */
  hint?: string;
  /** Shown on the button, as in "mod+enter"; useKeys makes it work. */
  keys?: string;
  /** Under way: it cannot be pressed again. */
  busy?: boolean;
  disabled?: boolean;
  small?: boolean;
  type?: "button" | "submit";
  /** It is a link to this address. */
  href?: string;
  download?: string;
  /** A switch that is on or off. */
  pressed?: boolean;
  onClick?: (e: MouseEvent) => unknown;
  id?: string;
  class?: string;
  autoFocus?: boolean;
}

export function Button(p: ButtonProps) {
  const cls = `button ${p.kind ?? "plain"}${p.small ? " small" : ""}${p.children ? "" : " only-icon"}${p.class ? " " + p.class : ""}`;
  const inner = (
    <>
      {p.busy ? <span class="spinner" aria-hidden="true" /> : p.icon && <Icon name={p.icon} size={p.small ? 16 : 18} />}
      {p.children && <span class="button-text">{p.children}</span>}
      {p.keys && <Keys keys={p.keys} />}
    </>
  );
  if (p.href && !p.disabled) {
    return <a class={cls} href={p.href} id={p.id} title={p.label ?? p.hint} aria-label={p.label} download={p.download}>{inner}</a>;
  }
  return (
    <button type={p.type ?? "button"} class={cls} id={p.id} disabled={p.disabled} aria-disabled={p.busy || undefined} aria-busy={p.busy || undefined}
      aria-pressed={p.pressed} title={p.label ?? p.hint} aria-label={p.label} autoFocus={p.autoFocus}
      onClick={(e) => {
        if (p.busy) return e.preventDefault();
        p.onClick?.(e);
      }}>
      {inner}
    </button>
  );
}

/** Keys as they are printed on a keyboard. */
export function Keys({ keys }: { keys: string }) {
  return <span class="keys" aria-hidden="true">{printed(keys).map((k) => <kbd>{k}</kbd>)}</span>;
}

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  /** One of several, chosen or not. */
  checked?: boolean;
  onClick(): unknown;
}

/** A button that opens a list of actions. null in items is a line between groups. */
export function Menu({ items, label, children, icon = "more", up = false, class: cls }: {
  items: (MenuItem | null)[]; label: string; children?: ComponentChildren; icon?: IconName; up?: boolean; class?: string;
}) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const list = box.current?.querySelector<HTMLElement>(".menu-list");
    const r = list?.getBoundingClientRect(), by = r && (Math.max(0, r.right + 8 - document.documentElement.clientWidth) || Math.min(0, r.left - 8));
    if (list && by) list.style.translate = -by + "px"; // it stays in the window
    list?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
    const outside = (e: Event) => {
      if (!box.current?.contains(e.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open]);
  const shut = () => {
    setOpen(false);
    box.current?.querySelector<HTMLElement>("button")?.focus();
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (!open) {
      if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
      e.preventDefault();
      return setOpen(true);
    }
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not(:disabled)') ?? [])];
    const i = all.indexOf(document.activeElement as HTMLElement);
    if (e.key === "Escape") shut();
    else if (e.key === "Tab") setOpen(false);
    else if (e.key === "ArrowDown") all[(i + 1) % all.length]?.focus();
    else if (e.key === "ArrowUp") all[(i - 1 + all.length) % all.length]?.focus();
    else if (e.key === "Home") all[0]?.focus();
    else if (e.key === "End") all.at(-1)?.focus();
    else return;
    if (e.key !== "Tab") {
      e.preventDefault();
      e.stopPropagation();
    }
  };
  return (
    <div class={`menu${up ? " menu-up" : ""}`} ref={box} onKeyDown={onKeyDown}>
      <button type="button" class={cls ?? `button quiet${children ? "" : " only-icon"}`} aria-haspopup="menu" aria-expanded={open} aria-label={children ? undefined : label}
        title={children ? undefined : label} onClick={() => setOpen(!open)}>
        {children ?? <Icon name={icon} />}
      </button>
      {open && (
        <div class="menu-list" role="menu" aria-label={label}>
          {items.map((it) => it === null ? <hr /> : (
            <button type="button" class={it.danger ? "danger" : ""} role={it.checked === undefined ? "menuitem" : "menuitemradio"} aria-checked={it.checked}
              tabIndex={-1} disabled={it.disabled} onClick={() => { shut(); it.onClick(); }}>
              {it.checked === undefined ? it.icon && <Icon name={it.icon} size={16} /> : <span class="menu-check">{it.checked && <Icon name="check" size={16} />}</span>}
              <span>{it.label}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
