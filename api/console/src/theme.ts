// Light, dark, or as the system has it.
import { memory, store } from "./store";

export type Theme = "system" | "light" | "dark";

const kept = memory.get("theme");
export const theme = store<Theme>(kept === "light" || kept === "dark" ? kept : "system");

export function setTheme(next: Theme) {
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  memory.set("theme", next === "system" ? null : next);
  theme.set(next);
}
