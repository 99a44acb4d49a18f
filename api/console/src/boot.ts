// Runs before anything is painted, so that a theme or a language chosen by hand
// does not flash in late. It is a classic script of its own for that reason.
(() => {
  try {
    const theme = localStorage.getItem("whetstone.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    const lang = localStorage.getItem("whetstone.lang");
    document.documentElement.lang =
      lang === "ru" || lang === "en" ? lang : navigator.language.toLowerCase().startsWith("ru") ? "ru" : "en";
  } catch {
    // Storage may be forbidden; the system's theme serves.
  }
})();
