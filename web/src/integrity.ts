// Which bytes a file must have: `sha256-` and base64, as in the `integrity` of a script tag. Not here: where bytes come from.

import { sha256 } from "@noble/hashes/sha2.js";

import { LabError } from "./error.js";

const FORM = /^sha256-[A-Za-z0-9+/]{43}=$/;

/** `text` as it is, where it has the form. */
export function readIntegrity(text: string): string {
  if (FORM.test(text)) return text;
  throw new LabError(
    "bad-input",
    `integrity must be "sha256-" and 44 characters of base64, as of \`openssl dgst -sha256 -binary FILE | base64\`; it was "${text}"`,
  );
}

export async function integrityOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // The types promise it everywhere; pages over plain http have no subtle crypto, and the check matters most there.
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  const hash = subtle === undefined ? sha256(bytes) : new Uint8Array(await subtle.digest("SHA-256", bytes));
  return written(hash);
}

/** Of bytes that come one after the other, too many to be there at once. */
export class RunningIntegrity {
  readonly #hash = sha256.create();

  add(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  end(): string {
    return written(this.#hash.digest());
  }
}

/** Names a text by its hash: 32 hexadecimal digits. */
export function digest(text: string): string {
  return Array.from(sha256(new TextEncoder().encode(text)).subarray(0, 16), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

function written(hash: Uint8Array): string {
  return `sha256-${btoa(String.fromCharCode(...hash))}`;
}
