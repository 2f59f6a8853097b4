// How much memory a model may take in this tab: an estimate, since no browser says.

const GIB = 1 << 30;
/** What a 32-bit heap can grow to, less what the engine itself takes. */
const HEAP_MAX = 4 * GIB - (256 << 20);
/** Where the browser says nothing, as Firefox and Safari do. */
const UNKNOWN = 2 * GIB;

/** Half of what the machine has, as far as the browser tells: it names 8 GiB for all that have more. Bytes. */
export function memoryHere(browser = (globalThis as { navigator?: { deviceMemory?: number } }).navigator): number {
  const deviceMemory = browser?.deviceMemory;
  return Math.min(HEAP_MAX, deviceMemory === undefined ? UNKNOWN : (deviceMemory * GIB) / 2);
}
