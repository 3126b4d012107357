// Runs before the first paint, as a file of its own (vite/first_paint_script.ts): no imports here.
// theme.ts keeps the choice, and knows what to do where storage is refused.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
} catch {
  // no storage here: the system's theme
}
