// The program travels packed by LZMA, a fifth smaller than what web servers make of it, and is unpacked here in about
// a tenth of a second. `tests/e2e/pack.mjs` bundles this with the decoder of the package lzma1.
import { Decoder, InputBuffer, OutputBuffer } from "lzma1/decoder";

/** Fetches a packed file and gives its bytes back as they were. */
export async function unpack(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} could not be loaded: ${response.status} ${response.statusText}`);
  const packed = new Uint8Array(await response.arrayBuffer());
  const output = new OutputBuffer(packed.length * 4);
  new Decoder().decompress(new InputBuffer(packed), output);
  return output.toArray();
}
