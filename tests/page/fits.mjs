// Words that do not fit where they stand: beyond their panel, broken inside a key, under a button of the same line. Not here: what they say.

/**
 * Each with what is wrong with it. What scrolls by itself may be longer than its frame.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string[]>}
 */
export async function misfitsOn(page) {
  return await page.evaluate(() => {
    /** @type {string[]} */
    const found = [];
    /** @param {Element} element */
    const words = (element) => (element.textContent ?? "").replaceAll(/\s+/g, " ").trim().slice(0, 60);
    /** @param {Element} element */
    const scrolls = (element) => {
      for (let one = element.parentElement; one !== null && one !== document.body; one = one.parentElement)
        if (["auto", "scroll"].includes(getComputedStyle(one).overflowX)) return true;
      return false;
    };
    /** @param {Document | ShadowRoot} root */
    const look = (root) => {
      for (const element of root.querySelectorAll("button, .file, summary, kbd, th, h2, h3, h4, legend, label, p")) {
        if (element.shadowRoot !== null || !element.checkVisibility() || element.closest(".unseen") !== null) continue;
        const { left, right, width } = element.getBoundingClientRect();
        if (width === 0 || scrolls(element)) continue;
        const frame = element.parentElement?.closest(".panel, figure, main, nav, dialog")?.getBoundingClientRect();
        if (frame !== undefined && frame.width > 0 && (right > frame.right + 1 || left < frame.left - 1))
          found.push(`beyond its frame: ${words(element)}`);
        if (element.matches("button, .file") && element.scrollWidth > element.clientWidth + 1)
          found.push(`longer than its button: ${words(element)}`);
        if (element.matches("kbd") && element.getClientRects().length > 1) found.push(`broken: ${words(element)}`);
      }
      // What stands in a corner covers nothing beside it.
      for (const corner of root.querySelectorAll("figcaption .save > summary")) {
        const { left, top, bottom } = corner.getBoundingClientRect();
        const range = document.createRange();
        for (const beside of corner.closest("figcaption")?.children ?? []) {
          if (beside.contains(corner)) continue;
          range.selectNodeContents(beside);
          for (const line of range.getClientRects())
            if (line.right > left && line.top < bottom && line.bottom > top) found.push(`covered: ${words(beside)}`);
        }
      }
      for (const element of root.querySelectorAll("*")) if (element.shadowRoot !== null) look(element.shadowRoot);
    };
    look(document);
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} px wide, the screen ${clientWidth}`);
    return [...new Set(found)];
  });
}
