// The program travels packed by LZMA, a fifth smaller than what web servers make of it, and is unpacked here in less
// than a tenth of a second. `tests/e2e/pack.mjs` bundles this with what it imports.
import { bring } from "./later.js";
import { unlzma } from "./lzma.js";

/** Fetches the first part of the program and gives its bytes; the rest waits until it is needed. */
export async function unpack(first, rest) {
  bring(rest);
  const response = await fetch(first);
  if (!response.ok) throw new Error(`${first} could not be loaded: ${response.status} ${response.statusText}`);
  return unlzma(new Uint8Array(await response.arrayBuffer()));
}
