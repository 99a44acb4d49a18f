// Runs before anything is painted, so that a theme or a language chosen by hand
// does not flash in late, and loads the console in that language. It is a
// classic script of its own for that reason.
(() => {
  const page = document.documentElement;
  let lang = navigator.language.toLowerCase().startsWith("ru") ? "ru" : "en";
  try {
    const theme = localStorage.getItem("whetstone.theme");
    if (theme === "light" || theme === "dark") page.dataset.theme = theme;
    const chosen = localStorage.getItem("whetstone.lang");
    if (chosen === "ru" || chosen === "en") lang = chosen;
  } catch {
    // Storage may be forbidden; the system's theme and language serve.
  }
  page.lang = lang;
  const app = (document.currentScript as HTMLScriptElement).dataset[lang];
  if (!app) return; // the panel's page names its script itself
  const script = document.createElement("script");
  script.type = "module";
  script.src = app;
  document.head.append(script);
})();
