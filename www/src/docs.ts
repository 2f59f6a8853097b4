// All the script a documentation page has: the theme chosen in the lab, a button for it, and for readers of German the line that says where
// there is no German. Without it the page reads as the system says.

import { language } from "./strings/language.ts";
import { sites } from "./strings/site.ts";
import { applyTheme, nextTheme, themeWords } from "./theme.ts";

applyTheme();

const site = document.documentElement.lang === "de" ? sites.de : sites.en;
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

const onlyEnglish = document.querySelector<HTMLElement>(".only-english");
if (onlyEnglish !== null) onlyEnglish.hidden = language !== "de";
