// The one error type of the package, and how any thrown thing becomes one. Codes are listed in the README of the project.

/** `name` is always "LabError"; `code` says which kind, in a word that does not change: `cancelled`, `bad-weights`, `bad-input`, `busy`, … */
export class LabError extends Error {
  override readonly name = "LabError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Whatever was thrown, with a code: its own where it has one, `crashed` for a wasm trap, `internal` otherwise. */
export function asLabError(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  if (thrown instanceof Error) {
    if (thrown.name === "AbortError") return cancelledError();
    const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
    if (code !== undefined) return new LabError(code, thrown.message);
    if (thrown instanceof WebAssembly.RuntimeError) {
      return new LabError("crashed", `the engine stopped (${thrown.message}): make a new lab and load the model again`);
    }
    return new LabError("internal", `${thrown.name}: ${thrown.message}`);
  }
  return new LabError("internal", String(thrown));
}

export function cancelledError(): LabError {
  return new LabError("cancelled", "cancelled, as asked; the lab can be used again");
}
