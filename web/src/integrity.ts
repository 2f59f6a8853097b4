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
  return `sha256-${btoa(String.fromCharCode(...hash))}`;
}
