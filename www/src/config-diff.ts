// Which settings differ between some configurations. No words, no DOM.

export type Config = Readonly<Record<string, unknown>>;

export interface Difference {
  key: string;
  /** One for each configuration, in their order; undefined where it has no such key. */
  values: unknown[];
}

/** Only the keys whose values differ, by name. */
export function differences(configs: readonly Config[]): Difference[] {
  const keys = [...new Set(configs.flatMap((one) => Object.keys(one)))].sort();
  return keys.flatMap((key) => {
    const values = configs.map((one) => one[key]);
    const written = new Set(values.map((value) => JSON.stringify(value)));
    return written.size < 2 ? [] : [{ key, values }];
  });
}

/** What was changed of a method: each setting with what the method itself has, where that is known. */
export function changesOf(changed: Config, preset: Config | undefined): Difference[] {
  return Object.keys(changed)
    .sort()
    .filter((key) => JSON.stringify(preset?.[key]) !== JSON.stringify(changed[key]))
    .map((key) => ({ key, values: [preset?.[key], changed[key]] }));
}
