// The wasm module that was built with this package: build.mjs writes in which bytes it must have.

declare const ENGINE_FILE: { integrity: string; bytes: number };

export const engineFile = ENGINE_FILE;
