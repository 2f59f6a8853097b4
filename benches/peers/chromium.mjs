// One Chromium for one row, with WebGPU: a fresh process has no warm caches of the row before. Not here: which rows there are.

import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Every row of a run takes the same adapter: the software one that Chromium brings, or the machine's own. */
const SOFTWARE = ["--use-webgpu-adapter=swiftshader"];
const HARDWARE = process.platform === "linux" ? ["--enable-features=Vulkan", "--use-angle=vulkan"] : [];

/**
 * Opens the page and has it measure; what goes wrong becomes the row's `error`.
 * @param {string} url
 * @param {object} options what the page is to do
 * @param {{ hardware: boolean, timeout_s: number, say?: (line: string) => void }} settings `say` takes what the page logs
 * @returns {Promise<Record<string, unknown>>}
 */
export async function measureIn(url, options, { hardware, timeout_s, say }) {
  const executablePath = process.env.CHROME ?? "/usr/bin/chromium";
  const args = [...FLAGS, ...(hardware ? HARDWARE : SOFTWARE)];
  const browser = await chromium.launch({ executablePath, headless: true, args });
  /** @type {string[]} */
  const complaints = [];
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  try {
    const page = await browser.newPage();
    const session = await browser.newBrowserCDPSession();
    // Seconds of processor time of the whole browser: what another program's work beside it disturbs least.
    await page.exposeFunction("processorSeconds", async () => {
      const { processInfo } = await session.send("SystemInfo.getProcessInfo");
      return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    });
    if (say)
      page.on("console", (message) => {
        say(message.text());
      });
    page.on("pageerror", (error) => complaints.push(String(error)));
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`no answer within ${timeout_s} s`));
      }, timeout_s * 1000);
    });
    const measured = async () => {
      await page.goto(url);
      await page.waitForFunction("globalThis.measurement !== undefined", undefined, { timeout: 60_000 });
      return page.evaluate((given) => Reflect.get(globalThis, "measurement")(given), options);
    };
    return { ...(await Promise.race([measured(), late])), browser: `Chromium ${browser.version()}` };
  } catch (error) {
    return { error: [...complaints, error instanceof Error ? error.message : String(error)].join("; ") };
  } finally {
    clearTimeout(timer);
    await browser.close();
  }
}
