// Numbers and tokens as people read them: three significant digits, visible spaces. No words.

const MINUS = "−";

/** Three significant digits, no exponent for ordinary sizes: .0123, 4.56, 789. */
export function number(value: number | undefined | null): string {
  if (value === undefined || value === null || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(value);
  const text =
    size === 0
      ? "0"
      : size < 0.001 || size >= 1e7
        ? size.toExponential(1).replace("e-", `e${MINUS}`).replace("e+", "e")
        : size >= 1000
          ? Math.round(size).toLocaleString("en")
          : size.toPrecision(3);
  return value < 0 ? MINUS + text : text;
}

/** Two decimals, for columns that are compared down the page. */
export function fixed(value: number | undefined, digits = 2): string {
  if (value === undefined || !Number.isFinite(value)) return number(value);
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

export function signed(value: number, digits = 2): string {
  return value > 0 ? `+${fixed(value, digits)}` : fixed(value, digits);
}

export function percent(share: number): string {
  const value = share * 100;
  const text = value > 0 && value < 1 ? "<1" : value < 100 && value > 99 ? ">99" : fixed(value, 0);
  return `${text} %`;
}

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  return count < 1e6 ? `${(count / 1e3).toFixed(0)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

/** `<think>` and its kind: drawn as a chip, not as text. */
export function isMark(token: string): boolean {
  return /^<[^<>]+>$/.test(token);
}

/** A token with its spaces visible; a mark in its own brackets. */
export function token(text: string): string {
  if (isMark(text)) return `‹${text.slice(1, -1)}›`;
  return text.replaceAll(" ", "␣").replaceAll("\n", "⏎");
}
