// All that a page says, to the eye and to the ear, in figures too. Not here: in which language.

import { asSeen } from "./english-words.mjs";

/** All that is read on the page or read out of it, in figures too. @param {import("playwright-core").Page} page */
export async function saidOn(page) {
  const texts = await page.evaluate(() => {
    /** @type {string[]} */
    const found = [document.title];
    /** @param {Document | ShadowRoot | Element} root */
    const look = (root) => {
      for (const element of root.querySelectorAll("*")) {
        for (const name of ["aria-label", "title", "placeholder", "aria-valuetext"]) {
          // The other language is named in itself.
          if (element.matches(":not(.language)") && element.closest('[lang="en"]') === null)
            found.push(element.getAttribute(name) ?? "");
        }
        if (element.shadowRoot !== null) {
          for (const child of element.shadowRoot.children)
            if (child instanceof HTMLElement) found.push(child.innerText);
          look(element.shadowRoot);
        }
      }
    };
    found.push(document.body.innerText);
    // Options of a closed list are no text of the page, but they are read.
    for (const option of document.querySelectorAll("option, optgroup")) {
      found.push(option.getAttribute("label") ?? option.textContent ?? "");
    }
    look(document);
    return found;
  });
  return texts.map(asSeen).filter((text) => text !== "");
}
