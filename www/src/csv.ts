// Numbers as CSV. All values are numbers, so nothing needs quoting. No words.

/** A line of metrics as CSV; keys sorted as given. */
export function csv(rows: readonly Record<string, number | undefined>[], keys: readonly string[]): string {
  const lines = rows.map((row) => keys.map((key) => row[key] ?? "").join(","));
  return [keys.join(","), ...lines].join("\n") + "\n";
}
