// Times the bench crate in Node or, with `chromium`, in a real browser: node run.mjs <folder of wasm-bindgen's output> [chromium].
// Prints the least and the median of the repetitions. Not here: building (run.sh).

import { readFileSync } from "node:fs";

const [folder, where = "node"] = process.argv.slice(2);
const script = readFileSync(`${folder}/lab_wasm_bench.js`, "utf8");
const bytes = readFileSync(`${folder}/lab_wasm_bench_bg.wasm`);

/** Runs in either engine: everything it needs comes as an argument. */
const measure = async (script, base64) => {
  const bindings = new Function(`${script}; return wasm_bindgen;`)();
  await bindings({ module_or_path: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) });
  const lines = [];
  const time = (name, repetitions, work) => {
    for (let i = 0; i < 3; i++) work();
    const times = [];
    for (let i = 0; i < repetitions; i++) {
      const start = performance.now();
      work();
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    lines.push(`${name.padEnd(24)} least ${times[0].toFixed(2)} ms, median ${times[repetitions >> 1].toFixed(2)} ms`);
  };
  for (const [size, form, repetitions] of [
    ["small", "fused", 40],
    ["mid", "fused", 10],
    ["small", "composed", 20],
    ["mid", "composed", 5],
  ]) {
    const work = new bindings.Work(size, form);
    time(`update ${size}, ${form}`, repetitions, () => work.update());
  }
  for (const size of ["nano", "micro"]) {
    const work = new bindings.Work(size, "fused");
    time(`decode_64x16 ${size}`, 10, () => work.decode());
    time(`decode_1x16 ${size}`, 10, () => work.decode_one());
  }
  const training = new bindings.Training();
  time("soft_grpo step, nano", 20, () => training.step());
  return lines.join("\n");
};

const base64 = bytes.toString("base64");
if (where === "node") {
  console.log(await measure(script, base64));
} else {
  const { createRequire } = await import("node:module");
  const { chromium } = createRequire(new URL("../../tests/page/", import.meta.url))("playwright-core");
  const executablePath = process.env.CHROME ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, headless: true, args: ["--no-sandbox", "--no-first-run"] });
  const page = await browser.newPage();
  console.log(await page.evaluate(`(${measure})(${JSON.stringify(script)}, ${JSON.stringify(base64)})`));
  await browser.close();
}
