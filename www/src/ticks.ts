// Round numbers to mark an axis with.

/** Multiples of 1, 2 or 5 times a power of ten, about so `many` of them, from `from` to `to`. `whole`: no fractions. */
export function ticks(from: number, to: number, many: number, whole: boolean): number[] {
  const rough = Math.max((to - from) / many, Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const step = whole ? Math.max(1, Math.round(nice)) : nice;
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, place) => Number(((first + place) * step).toFixed(digits)));
}
