// A whole rollout in one dispatch (rollout_whole.wgsl here) against today's chain of dispatches, in a real browser: the same
// tokens first, then tokens a second by the median wall time and by the browser's CPU time (Linux), which holds on a busy
// machine too. Not here: the measuring itself (page.js); what came of it (README.md).
//
//   node benches/rollout/run.mjs [--browser chromium|firefox] [--presets nano,micro] [--rows 8,64,256] [--steps 32]
//                                [--threads 8,16,32,64,128] [--sets plain,few,shared] [--rounds 5]
//                                [--budget 300 (ms a timing; Firefox: 1000)]
//                                [--longest (where llvmpipe stops)]
//
// Wants playwright-core (Chromium) or puppeteer-core (Firefox): from tests/page/node_modules, or the folder MODULES names.

import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { loadavg } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const shaders = resolve(here, "../../shaders");
const { values } = parseArgs({
  options: {
    browser: { type: "string", default: "chromium" },
    presets: { type: "string", default: "nano,micro" },
    rows: { type: "string", default: "8,64,256" },
    steps: { type: "string", default: "32" },
    threads: { type: "string", default: "8,16,32,64,128" },
    // Kernels of the chain; `step_calls` picks the plain ones on software adapters. Ratios are to the first.
    sets: { type: "string", default: "plain" },
    rounds: { type: "string", default: "5" },
    budget: { type: "string", default: "300" },
    longest: { type: "boolean", default: false },
  },
});

const SHARED = {
  soft_step: "threefry",
  soft_step_plain: "threefry",
  attention_decode: "attend",
  attention_decode_plain: "attend_alone",
};
const text = (...path) => readFileSync(join(...path), "utf8");
const names =
  "soft_step soft_step_plain rms_norm rms_norm_plain matmul matmul_tiled attention_decode attention_decode_plain";
const sources = {
  rollout_whole: text(shaders, "shared/threefry.wgsl") + text(here, "rollout_whole.wgsl"),
  matmul_few: text(here, "matmul_few.wgsl"),
};
for (const name of [...names.split(" "), "swiglu", "embed_mix"]) {
  const front = SHARED[name] ? text(shaders, "shared", `${SHARED[name]}.wgsl`) : "";
  sources[name] = front + text(shaders, `${name}.wgsl`);
}
const numbers = (list) => list.split(",").map(Number);

const server = createServer((request, response) => {
  const script = request.url === "/page.js";
  response.setHeader("content-type", script ? "text/javascript" : "text/html");
  response.end(script ? readFileSync(join(here, "page.js")) : "<!doctype html><title>rollout</title>");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));

const browser = await (values.browser === "firefox" ? firefox() : chromium());
try {
  const page = await browser.newPage();
  await page.exposeFunction("cpuSeconds", cpuSeconds);
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  for (const preset of values.presets.split(",")) {
    if (values.longest) {
      for (const threads of numbers(values.threads)) {
        const job = { preset, threads, sources };
        console.log(await page.evaluate(async (job) => (await import("/page.js")).longest(job), job));
      }
      continue;
    }
    for (const rows of numbers(values.rows)) {
      const [steps, rounds, budget] = [values.steps, values.rounds, values.budget].map(Number);
      const job = {
        preset,
        rows,
        steps,
        sets: values.sets.split(","),
        threads: numbers(values.threads),
        rounds,
        budget,
        sources,
      };
      const before = loadavg()[0];
      const report = await page.evaluate(async (job) => (await import("/page.js")).measure(job), job);
      print(job, report, before);
    }
  }
} finally {
  await browser.close();
  server.close();
}

function print({ preset, rows, steps }, { adapter, compiled, checks, atOnce, times }, before) {
  const load = `load ${before.toFixed(1)} to ${loadavg()[0].toFixed(1)}`;
  console.log(`\n${preset}, ${rows} rows × ${steps} steps; ${adapter || "adapter not named"}; ${load}`);
  for (const [name, { one, all }] of Object.entries(checks)) {
    const share = ((100 * all.same) / all.steps).toFixed(1);
    const finite = one.finite && all.finite ? "" : ", NOT FINITE";
    console.log(
      `${name.padEnd(13)} ${share} % of ${all.steps} tokens the same (${all.firstParted} of ${rows} rows part, ${all.finished} steps rest); ` +
        `logits differ by ${one.logits.toExponential(1)} after a step${finite}; other words ${one.fields + all.fields}; ` +
        `${atOnce[name].atOnce} steps a dispatch, ${atOnce[name].turns} turns a step`,
    );
  }
  const chain = times[0];
  console.log("              tokens/s median     least  CPU ms a rollout   × chain: median  least    CPU   compiled");
  for (const { name, least, median, cpu } of times) {
    const speed = (milliseconds) => ((1000 * rows * steps) / milliseconds).toFixed(0).padStart(9);
    const ratio = (a, b) => (a / b).toFixed(2).padStart(7);
    console.log(
      `${name.padEnd(13)} ${speed(median)}       ${speed(least)} ${cpu.toFixed(1).padStart(12)}             ` +
        `${ratio(chain.median, median)}${ratio(chain.least, least)}${ratio(chain.cpu, cpu)} ${(compiled[name] ?? 0).toFixed(0).padStart(8)} ms`,
    );
  }
}

// CPU seconds so far of the browser (Linux; elsewhere 0): a figure that other programs' load hardly touches.
function cpuSeconds() {
  const parents = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const stat = quietly(`/proc/${pid}/stat`);
    parents.set(pid, stat.slice(stat.lastIndexOf(")") + 4).split(" ")[0]);
  }
  let nanoseconds = 0;
  for (const pid of parents.keys()) {
    let above = parents.get(pid);
    while (above && above !== String(process.pid)) above = parents.get(above);
    if (!above) continue;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      nanoseconds += Number(quietly(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[0]);
    }
  }
  return nanoseconds / 1e9;
}

// A process may end between its listing and its reading.
function quietly(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

async function driver(name) {
  const from = createRequire(join(process.env.MODULES ?? join(here, "../../tests/page"), "package.json"));
  return import(pathToFileURL(from.resolve(name)).href);
}

async function chromium() {
  const { default: playwright } = await driver("playwright-core");
  const webgpu = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
  const quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"];
  const executablePath = process.env.CHROME ?? "/usr/bin/chromium";
  return playwright.chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-sync", ...webgpu, ...quiet] });
}

async function firefox() {
  const { default: puppeteer } = await driver("puppeteer-core");
  const executablePath = process.env.FIREFOX ?? "/usr/bin/firefox-esr";
  const extraPrefsFirefox = { "dom.webgpu.enabled": true, "gfx.webgpu.ignore-blocklist": true };
  return puppeteer.launch({ browser: "firefox", executablePath, extraPrefsFirefox, protocolTimeout: 1_200_000 });
}
