// Times the three dense products of a training step (NT, NN, TN) in a real browser, every kernel checked first.
// Prints GFLOP/s by the least and the median wall time, and by the browser's CPU time (Linux): GFLOP a core-second, which
// holds on a busy machine too. Not here: the measuring itself (page.js).
//
//   node benches/products/run.mjs [--browser chromium|firefox] [--sizes small,mid,rollout,64x512x128] [--kernels matmul,…]
//                                 [--rounds 7] [--budget 40 (ms a round; Firefox: 500)] [--list more.json]
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
const root = resolve(here, "../..");

// Workgroup tiles (rows, columns of the output): the grids of the shaders' head comments.
const KERNELS = [
  { name: "matmul", form: "nt", tile: [32, 64] },
  { name: "matmul_tiled", form: "nt", tile: [64, 64] },
  { name: "input_gradient", form: "nn", tile: [32, 64] },
  { name: "input_gradient_tiled", form: "nn", tile: [64, 64] },
  { name: "weight_gradient", form: "tn", tile: [32, 64] },
  { name: "weight_gradient_tiled", form: "tn", tile: [32, 32] },
];

// M, N, K
const SIZES = {
  small: [
    [256, 192, 64],
    [256, 64, 64],
    [256, 512, 64],
    [256, 64, 256],
  ],
  mid: [
    [1024, 384, 128],
    [1024, 128, 128],
    [1024, 1024, 128],
    [1024, 128, 512],
    [1024, 64, 128],
  ],
  rollout: [
    [64, 64, 64],
    [64, 384, 128],
    [64, 128, 512],
    [64, 512, 128],
  ],
};
const CHECKS = [
  [1, 4, 4],
  [3, 12, 8],
  [13, 20, 36],
  [64, 64, 64],
  [70, 136, 68],
  [131, 60, 140],
];
// Only NT takes any N.
const ODD_CHECKS = [
  [2, 1, 4],
  [5, 7, 8],
  [33, 65, 12],
];

const { values } = parseArgs({
  options: {
    browser: { type: "string", default: "chromium" },
    sizes: { type: "string", default: "small,mid,rollout" },
    kernels: { type: "string", default: "" },
    rounds: { type: "string", default: "7" },
    budget: { type: "string", default: "40" },
    // More kernels: [{ "name", "form", "tile", "path" }], for trying variants.
    list: { type: "string" },
  },
});

const wanted = values.kernels.split(",").filter(Boolean);
const more = values.list ? JSON.parse(readFileSync(values.list, "utf8")) : [];
const kernels = [...KERNELS.filter(({ name }) => !wanted.length || wanted.includes(name)), ...more].map((kernel) => ({
  ...kernel,
  code: readFileSync(kernel.path ?? join(root, "shaders", `${kernel.name}.wgsl`), "utf8"),
  checks: kernel.form === "nt" ? [...CHECKS, ...ODD_CHECKS] : CHECKS,
}));
const sizes = values.sizes.split(",").flatMap((name) => SIZES[name] ?? [name.split("x").map(Number)]);

const server = createServer((request, response) => {
  const script = request.url === "/page.js";
  response.setHeader("content-type", script ? "text/javascript" : "text/html");
  response.end(script ? readFileSync(join(here, "page.js")) : "<!doctype html><title>products</title>");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}/`;

const browser = await (values.browser === "firefox" ? firefox() : chromium());
try {
  const page = await browser.newPage();
  await page.exposeFunction("cpuSeconds", cpuSeconds);
  await page.goto(url);
  const job = { kernels, sizes, rounds: Number(values.rounds), budget: Number(values.budget) };
  const report = await page.evaluate(async (job) => (await import("/page.js")).measure(job), job);
  print(report);
} finally {
  await browser.close();
  server.close();
}

function print({ adapter, kernels, times }) {
  console.log(`adapter: ${adapter || "not named"}; load ${loadavg()[0]}`);
  for (const { name, compiled, checked } of kernels) {
    const right = () =>
      `right (${checked.toFixed(2)} of the tolerance), ${Math.round(compiled)} ms of CPU time to compile`;
    console.log(`${name}: ${typeof checked === "number" ? right() : checked}`);
  }
  for (const form of ["nt", "nn", "tn"]) {
    for (const key of ["least", "median", "cpu"]) {
      const rows = times.filter((row) => row.form === form);
      const names = [...new Set(rows.map((row) => row.name))];
      const width = Math.max(...names.map((name) => name.length));
      const labels = [...new Set(rows.map((row) => row.size.join(",")))];
      if (rows.length) console.log(`\n${form}, GFLOP/s, ${key}`);
      if (rows.length) console.log("".padEnd(width), labels.map((label) => label.padStart(14)).join(""));
      for (const name of names) {
        const speeds = rows.filter((row) => row.name === name).map((row) => row.flop / row[key] / 1e6);
        console.log(name.padEnd(width), speeds.map((speed) => speed.toFixed(2).padStart(14)).join(""));
      }
    }
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
  const from = createRequire(join(process.env.MODULES ?? join(root, "tests/page"), "package.json"));
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
