// How fast training was here last time, kept in this browser: what can be said before anything is fetched. No words, no lab.

const KEY = "soft-thinking-lab.speed";

export interface Speed {
  /** What computed, as a person reads it. */
  engine: string;
  secondsPerStep: number;
}

export function lastSpeed(): Speed | undefined {
  try {
    const { engine, secondsPerStep } = Object(JSON.parse(localStorage.getItem(KEY) ?? "{}")) as Partial<Speed>;
    const right = typeof engine === "string" && typeof secondsPerStep === "number" && secondsPerStep > 0;
    return right ? { engine, secondsPerStep } : undefined;
  } catch {
    // Storage that is forbidden knows of no last time.
    return undefined;
  }
}

export function keepSpeed(speed: Speed): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(speed));
  } catch {
    // Nothing is lost but a number.
  }
}
