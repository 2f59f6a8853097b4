// Pictures of a figure as one SVG file's text: each under its title, with the looks that the page's style gives it written into it, so that it is
// the same anywhere. Not here: which pictures, and handing them over.

const NS = "http://www.w3.org/2000/svg";
/** What a picture's look is made of here. */
const LOOKS = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "opacity",
  "font-size",
  "font-weight",
  "text-anchor",
  "paint-order",
] as const;
const COLOURS: readonly string[] = ["fill", "stroke"];
const EDGE = 16;
const TITLE = 28;
const LINE = 22;

export interface Still {
  title: string;
  picture: SVGSVGElement;
}

/** One below the other; undefined where there is none. */
export function stillOf(title: string, stills: readonly Still[]): string | undefined {
  const [first] = stills;
  if (first === undefined) return undefined;
  const around = getComputedStyle(first.picture);
  const [ink, paper] = [around.getPropertyValue("--ink"), around.getPropertyValue("--paper")];
  const root = document.createElementNS(NS, "svg");
  const ground = part(root, "rect", { fill: colourOf(first.picture, paper) });
  let [width, y] = [title.length * 9, EDGE + TITLE];
  const write = (text: string, at: number, size: number) => {
    const look = { x: EDGE, y: at, fill: colourOf(first.picture, ink), "font-size": size };
    part(root, "text", look).textContent = text;
  };
  write(title, EDGE + 14, 17);
  for (const { title: over, picture } of stills) {
    const [wide, high] = [Number(picture.getAttribute("width")), Number(picture.getAttribute("height"))];
    write(over, y + 14, 13);
    const copy = dressed(picture);
    for (const [name, value] of Object.entries({ x: EDGE, y: y + LINE, width: wide, height: high }))
      copy.setAttribute(name, String(value));
    root.append(copy);
    width = Math.max(width, wide, over.length * 7);
    y += LINE + high + EDGE;
  }
  const size = { width: Math.ceil(width + 2 * EDGE), height: Math.ceil(y) };
  for (const one of [root, ground])
    for (const [name, value] of Object.entries(size)) one.setAttribute(name, String(value));
  root.setAttribute("font-family", "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif");
  return new XMLSerializer().serializeToString(root);
}

function part(root: SVGElement, name: "rect" | "text", look: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(look)) made.setAttribute(key, String(value));
  root.append(made);
  return made;
}

/** A copy whose looks are attributes: neither classes nor variables. */
function dressed(picture: SVGSVGElement): Element {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const copies = [copy, ...copy.querySelectorAll("*")];
  [picture, ...picture.querySelectorAll("*")].forEach((one, place) => {
    const to = copies[place];
    if (to === undefined) return;
    const style = getComputedStyle(one);
    for (const look of LOOKS) {
      const value = style.getPropertyValue(look);
      to.setAttribute(look, COLOURS.includes(look) ? plainColour(value) : value);
    }
    for (const name of ["class", "role", "aria-label"]) to.removeAttribute(name);
  });
  copy.querySelector(".movers")?.remove();
  return copy;
}

/** What a colour that is written as in a style sheet comes to where that element stands. */
function colourOf(where: Element, written: string): string {
  const probe = document.createElementNS(NS, "rect");
  where.append(probe);
  probe.style.fill = written;
  const found = getComputedStyle(probe).fill;
  probe.remove();
  return plainColour(found);
}

const known = new Map<string, string>();
let pen: CanvasRenderingContext2D | null | undefined;
/** As programs for pictures read it: red, green, blue. */
function plainColour(colour: string): string {
  if (colour === "none" || colour.startsWith("rgb")) return colour;
  const before = known.get(colour);
  if (before !== undefined) return before;
  pen ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (pen === null) return colour;
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = pen.getImageData(0, 0, 1, 1).data;
  const plain =
    alpha === 255 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`;
  known.set(colour, plain);
  return plain;
}
