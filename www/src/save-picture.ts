// A chart's picture as a file: SVG as it is, PNG at twice the size. Colours are those of the theme on the screen.

import { WIDTH, heightOf, svgOf } from "./picture.ts";
import type { Picture } from "./picture.ts";
import { saveFile } from "./save-file.ts";

export type PictureFormat = "svg" | "png";

/** Pixels for each unit of the SVG. */
const SHARPNESS = 2;

export async function savePicture(picture: Picture, name: string, format: PictureFormat): Promise<void> {
  const style = getComputedStyle(document.documentElement);
  const svg = new Blob([svgOf(picture, (variable) => style.getPropertyValue(variable).trim())], {
    type: "image/svg+xml",
  });
  saveFile(`${name}.${format}`, format === "svg" ? svg : await drawn(svg, WIDTH, heightOf(picture)));
}

/** Of a picture that is there as an SVG file's text, with its size in it. */
export async function saveSvg(text: string, name: string, format: PictureFormat): Promise<void> {
  const svg = new Blob([text], { type: "image/svg+xml" });
  const size = (of: string) => Number(new RegExp(`^<svg[^>]* ${of}="([\\d.]+)"`).exec(text)?.[1] ?? 0);
  saveFile(`${name}.${format}`, format === "svg" ? svg : await drawn(svg, size("width"), size("height")));
}

async function drawn(svg: Blob, width: number, height: number): Promise<Blob> {
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * SHARPNESS, height * SHARPNESS];
    const pen = canvas.getContext("2d");
    if (pen === null) throw new Error("this browser gives no 2d canvas");
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((png) => {
        if (png === null) reject(new Error("this browser made no PNG of the canvas"));
        else resolve(png);
      }, "image/png");
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** A file's name from words. */
export function fileName(words: string): string {
  return words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
