// The lab for an iframe: the page itself, in talk with the page around it, and as high as what it shows.

import { talk } from "./embed/wire.ts";
import { parts, root } from "./main.ts";

const framed = window.parent !== window;
document.documentElement.classList.toggle("framed", framed);
if (framed) {
  // Not the document's height, which is never less than the frame's: that could only grow.
  const height = () => Math.ceil(root.getBoundingClientRect().height);
  const { tellHeight } = talk(window.parent, parts, height);
  new ResizeObserver(tellHeight).observe(root);
}
