/**
 * Runs before the first paint: the chosen theme (or the machine's) on <html>, and the reader's zone in a cookie, so that
 * the server writes times as the reader's clock has them. The machine's later change is followed as well.
 */
export const THEME_SCRIPT = `(function () {
  var root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var choice = root.dataset.themeChoice;
    root.dataset.theme = choice === "dark" || (choice === "system" && dark.matches) ? "dark" : "light";
  }
  apply();
  dark.addEventListener("change", apply);
  try {
    var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    document.cookie = "tz=" + encodeURIComponent(zone) + "; path=/; max-age=31536000; samesite=lax";
  } catch (error) {}
})();`;
