// The `lang` that holds for an element: its own or that of the closest around it, through shadow roots too. No words.

/** The `lang` of an element or of the closest around it that has one. */
export function langAround(element: Element): string {
  for (let at: Element | undefined = element; at !== undefined; at = hostOf(at)) {
    const found = at.closest("[lang]");
    if (found !== null) return found.getAttribute("lang") ?? "";
  }
  return "";
}

function hostOf(element: Element): Element | undefined {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : undefined;
}

const listeners = new Set<() => void>();
let watching: MutationObserver | undefined;

/** Calls `look` whenever a `lang` of the document changes, until what it returns is called. */
export function onLangChange(look: () => void): () => void {
  watching ??= new MutationObserver(() => {
    for (const listener of listeners) listener();
  });
  if (listeners.size === 0) {
    watching.observe(document.documentElement, { attributes: true, subtree: true, attributeFilter: ["lang"] });
  }
  listeners.add(look);
  return () => {
    listeners.delete(look);
    if (listeners.size === 0) watching?.disconnect();
  };
}
