// Shortcuts.
//
//   useKeys([
//     { keys: "mod+enter", label: t("send"), run: send },        // works while typing
//     { keys: "j", label: t("next"), run: next },                // not while typing
//     { keys: "g w", label: …, run: … },                         // one after the other
//   ]);
//
// mod is ⌘ on a Mac and Ctrl elsewhere. Names: enter, escape, space, up, down,
// left, right, tab, backspace, delete, and characters. What is listed is what ?
// shows. Later components win over earlier ones; nothing runs behind a dialog.
import { useEffect, useRef } from "preact/hooks";
import { store } from "./store";

export interface Shortcut {
  keys: string;
  label: string;
  run(): void;
  /** false: it is listed and does nothing at the moment. */
  when?: boolean;
  /** Shown under the page's own or under those that work everywhere. */
  everywhere?: boolean;
}

const mac = /Mac|iPhone|iPad/.test(navigator.platform);

/** What can be pressed at the moment, the innermost last. */
export const shortcuts = store<Shortcut[]>([]);

const layers: { current: Shortcut[] }[] = [];
const publish = () => shortcuts.set(layers.flatMap((l) => l.current));

const names: Record<string, string> = { " ": "space", arrowup: "up", arrowdown: "down", arrowleft: "left", arrowright: "right" };

// Where a keyboard writes Cyrillic the key's place says which Latin letter was meant.
function pressed(e: KeyboardEvent): string {
  let key = e.key.toLowerCase();
  key = names[key] ?? key;
  if (key.length === 1 && !/[!-~]/.test(key)) {
    if (/^Key[A-Z]$/.test(e.code)) key = e.code.slice(3).toLowerCase();
    else if (e.code === "Slash") key = e.shiftKey ? "?" : "/";
  }
  if (e.code === "Slash" && e.shiftKey && key === ",") key = "?"; // Russian layout
  let out = "";
  if (e.ctrlKey || e.metaKey) out += "mod+";
  if (e.altKey) out += "alt+";
  if (e.shiftKey && key.length > 1) out += "shift+";
  return out + key;
}

const typing = (e: Event): boolean => {
  const el = e.target as HTMLElement | null;
  return !!el && (el.isContentEditable || el.tagName === "TEXTAREA" || el.tagName === "SELECT" ||
    (el.tagName === "INPUT" && !["checkbox", "radio", "button", "range"].includes((el as HTMLInputElement).type)));
};

let before = "";
let beforeAt = 0;

addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.isComposing || e.repeat || ["Shift", "Control", "Alt", "Meta"].includes(e.key)) return;
  const key = pressed(e);
  if (typing(e) && !key.startsWith("mod+") && !key.startsWith("alt+")) return;
  if (document.querySelector("dialog[open]")) return;
  const sequence = e.timeStamp - beforeAt < 1200 ? before + " " + key : "";
  before = key;
  beforeAt = e.timeStamp;
  const all = layers.flatMap((l) => l.current).reverse();
  const hit = all.find((s) => s.keys === sequence) ?? all.find((s) => s.keys === key);
  if (!hit || hit.when === false) return;
  before = "";
  e.preventDefault();
  hit.run();
});

/** The shortcuts of a component, as long as it is shown. */
export function useKeys(list: Shortcut[]) {
  const layer = useRef({ current: list }).current;
  layer.current = list;
  useEffect(() => {
    layers.push(layer);
    publish();
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      publish();
    };
  }, [layer]);
}

/** The keys as they are printed: ["Ctrl", "Enter"]. */
export function printed(keys: string): string[] {
  const caps: Record<string, string> = {
    mod: mac ? "⌘" : "Ctrl", alt: mac ? "⌥" : "Alt", shift: "⇧", enter: "Enter", escape: "Esc", up: "↑", down: "↓", left: "←", right: "→", space: "␣",
  };
  return keys.split(/[+ ]/).map((k) => caps[k] ?? (k.length === 1 ? k.toUpperCase() : k));
}
