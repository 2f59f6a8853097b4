// Numbers and tokens as people of a language read them: three significant digits, their own decimal sign, visible spaces. The lab's page
// takes them from here. No words; nothing here is for files or models, which have one way to write a number.

const MINUS = "−";
const KILO = 1e3;

export interface Formats {
  /** Three significant digits, no exponent for ordinary sizes: 0.0123, 4.56, 789. */
  number: (value: number | undefined | null) => string;
  /** Two decimals, for columns that are compared down the page. */
  fixed: (value: number | undefined, digits?: number) => string;
  /** As `fixed`, with its sign. */
  signed: (value: number, digits?: number) => string;
  /** At most three significant digits, no zeros behind: for scales. */
  plain: (value: number) => string;
  percent: (share: number) => string;
  bytes: (count: number) => string;
  /** Two ends, written already: [0.1, 0.2], with a semicolon where a comma is the decimal sign. */
  interval: (low: string, high: string) => string;
}

const made = new Map<string, Formats>();

/** `language`: a BCP 47 tag. */
export function formatsIn(language: string): Formats {
  const formats = made.get(language) ?? make(language);
  made.set(language, formats);
  return formats;
}

function make(language: string): Formats {
  const three = new Intl.NumberFormat(language, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat(language, { maximumSignificantDigits: 3, useGrouping: false });
  const decimals = new Map<number, Intl.NumberFormat>();
  const withDecimals = (size: number, digits: number) => {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false };
    const format = decimals.get(digits) ?? new Intl.NumberFormat(language, options);
    decimals.set(digits, format);
    return format.format(size);
  };
  const sizeOf = (size: number) => {
    if (size === 0) return "0";
    if (size >= 0.001 && size < 1e7) return (size >= 1000 ? whole : three).format(size);
    const [mantissa = "", exponent = ""] = size.toExponential(1).split("e");
    return `${withDecimals(Number(mantissa), 1)}e${exponent.replace("-", MINUS).replace("+", "")}`;
  };
  const number: Formats["number"] = (value) => {
    if (value === undefined || value === null || Number.isNaN(value)) return "–";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
    const text = sizeOf(Math.abs(value));
    return value < 0 ? MINUS + text : text;
  };
  const between = withDecimals(0, 1).includes(",") ? ";" : ",";
  const fixed: Formats["fixed"] = (value, digits = 2) => {
    if (value === undefined || !Number.isFinite(value)) return number(value);
    const text = withDecimals(Math.abs(value), digits);
    return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
  };
  return {
    number,
    fixed,
    signed: (value, digits = 2) => (value > 0 ? `+${fixed(value, digits)}` : fixed(value, digits)),
    plain: (value) => (value < 0 ? MINUS : "") + short.format(Math.abs(value)),
    percent: (share) => {
      const value = share * 100;
      const text = value > 0 && value < 1 ? "<1" : value < 100 && value > 99 ? ">99" : fixed(value, 0);
      return `${text} %`;
    },
    bytes: (count) => {
      if (count < KILO) return `${count} B`;
      if (count < KILO ** 2) return `${withDecimals(count / KILO, 0)} kB`;
      return count < KILO ** 3
        ? `${withDecimals(count / KILO ** 2, 1)} MB`
        : `${withDecimals(count / KILO ** 3, 1)} GB`;
    },
    interval: (low, high) => `[${low}${between} ${high}]`,
  };
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
