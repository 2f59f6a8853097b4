// All the script a documentation page has: the theme chosen in the lab, and a button for it. Without it the page reads as the system says.

import { applyTheme, nextTheme, themeWords } from "./theme.ts";
import { site } from "./strings/en/site.ts";

applyTheme();

const button = document.createElement("button");
button.type = "button";
button.className = "icon";
button.textContent = "◐";
function say(): void {
  const words = themeWords(site.theme);
  button.setAttribute("aria-label", words);
  button.title = words;
}
button.addEventListener("click", () => {
  nextTheme();
  say();
});
say();
document.querySelector(".docs-top")?.append(button);
