import { lang } from "./i18n";
import { chooseLang } from "./session";
import { useStore } from "./store";
import { setTheme, theme, type Theme } from "./theme";
import { t } from "./shell_words";
import { Menu, type MenuItem } from "./ui";

/** The mark: an edge on a stone. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg class="mark-logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M7 21.500 25 9.500v4.600L7 25z" />
    </svg>
  );
}

export const Brand = () => <span class="brand"><Mark /><span class="brand-name">Whetstone</span></span>;

export function languages(): MenuItem[] {
  return [
    { label: "Русский", checked: lang.get() === "ru", onClick: () => chooseLang("ru") },
    { label: "English", checked: lang.get() === "en", onClick: () => chooseLang("en") },
  ];
}

export function themes(): MenuItem[] {
  const names: [Theme, string][] = [["system", t("themeSystem")], ["light", t("themeLight")], ["dark", t("themeDark")]];
  return names.map(([value, label]) => ({ label, checked: theme.get() === value, onClick: () => setTheme(value) }));
}

/** Language and theme for those who are not signed in. */
export function LookMenus() {
  useStore(theme);
  return (
    <div class="look">
      <Menu label={t("language")} items={languages()}><span>{lang.get() === "ru" ? "Русский" : "English"}</span></Menu>
      <Menu label={t("theme")} icon="sun" items={themes()} />
    </div>
  );
}
