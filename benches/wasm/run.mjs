// Times the bench crate in Chromium: node run.mjs <folder of wasm-bindgen's output> […]. Several builds take turns, work by work.
//
// Besides the clock it reads the page's thread time, which a busy machine does not stretch as much. Not here: building (run.sh).

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../../tests/page/", import.meta.url))("playwright-core");

/** Name, what to make, what to call on it, how often per measurement. */
const WORKS = [
  ["update small", "new bindings.Work('small', 'fused')", "update", 20],
  ["update small, composed", "new bindings.Work('small', 'composed')", "update", 10],
  ["update mid", "new bindings.Work('mid', 'fused')", "update", 2],
  ["update mid, composed", "new bindings.Work('mid', 'composed')", "update", 1],
  ["decode_64x16 nano", "new bindings.Work('nano', 'fused')", "decode", 10],
  ["decode_64x16 micro", "new bindings.Work('micro', 'fused')", "decode", 2],
  ["decode_1x16 nano", "new bindings.Work('nano', 'fused')", "decode_one", 100],
  ["soft_grpo step, nano", "new bindings.Training()", "step", 3],
];
const MEASUREMENTS = 7;

/** A page with the build of `folder` in it, and its thread's milliseconds so far. */
async function open(browser, folder) {
  const script = readFileSync(`${folder}/lab_wasm_bench.js`, "utf8");
  const base64 = readFileSync(`${folder}/lab_wasm_bench_bg.wasm`).toString("base64");
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const load = async (script, base64) => {
    globalThis.bindings = new Function(`${script}; return wasm_bindgen;`)();
    await globalThis.bindings({ module_or_path: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) });
  };
  await page.evaluate(`(${load})(${JSON.stringify(script)}, ${JSON.stringify(base64)})`);
  const ticks = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find((metric) => metric.name === "TaskDuration").value * 1e3;
  };
  return { folder, page, ticks };
}

const summary = (times) => {
  times.sort((a, b) => a - b);
  return `least ${times[0].toFixed(2)}, median ${times[times.length >> 1].toFixed(2)}`;
};

const executablePath = process.env.CHROME ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, headless: true, args: ["--no-sandbox", "--no-first-run"] });
console.log(`Chromium ${browser.version()}, ms of thread time | of the clock`);
const builds = [];
for (const folder of process.argv.slice(2)) builds.push(await open(browser, folder));
for (const [name, make, method, times] of WORKS) {
  for (const { folder, page, ticks } of builds) {
    const again = `for (let i = 0; i < ${times}; i++) work.${method}();`;
    await page.evaluate(`globalThis.work = ${make}; ${again} ${again} 0`);
    const [thread, clock] = [[], []];
    for (let i = 0; i < MEASUREMENTS; i++) {
      const before = await ticks();
      clock.push((await page.evaluate(`(() => { const s = performance.now(); ${again} return performance.now() - s; })()`)) / times);
      thread.push(((await ticks()) - before) / times);
    }
    console.log(`${name.padEnd(24)} ${summary(thread)} | ${summary(clock)}  ${builds.length > 1 ? folder : ""}`);
  }
}
await browser.close();
