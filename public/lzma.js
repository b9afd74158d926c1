// Unpacks what `tests/e2e/pack.mjs` packed by LZMA. The format is Igor Pavlov's; names are those of his specification
// (lzma-specification.txt in the LZMA SDK, public domain).

const STATES = 12;
const LENGTHS_MAX = 16; // positions within 2^pb that lengths may depend on
const ALIGN_BITS = 4;
const DISTANCE_MODELS = 14; // from this slot on, the low bits of a distance have models, the middle ones none

/** As many probabilities, each a half. */
const halves = (count) => new Uint16Array(count).fill(1024);

/** The bytes that were packed: properties, 4 bytes of dictionary size, 8 of unpacked size, then the range coder's. */
export function unlzma(input) {
  const lc = input[0] % 9;
  const lp = Math.floor(input[0] / 9) % 5;
  const pb = Math.floor(input[0] / 45);
  const size = new DataView(input.buffer, input.byteOffset).getUint32(5, true);
  const output = new Uint8Array(size);

  let at = 18;
  // The range and the code. In an array both stay plain numbers of 32 bits: a variable would make each new value an object.
  const coder = Uint32Array.of(0xffffffff, new DataView(input.buffer, input.byteOffset).getUint32(14));

  function normalize() {
    if (coder[0] < 0x1000000) {
      coder[0] <<= 8;
      coder[1] = (coder[1] << 8) | input[at++];
    }
  }

  function bit(models, index) {
    const model = models[index];
    const bound = (coder[0] >>> 11) * model;
    let found = 0;
    if (coder[1] < bound) {
      coder[0] = bound;
      models[index] = model + ((2048 - model) >>> 5);
    } else {
      coder[0] -= bound;
      coder[1] -= bound;
      models[index] = model - (model >>> 5);
      found = 1;
    }
    normalize();
    return found;
  }

  function directBits(count) {
    let found = 0;
    for (; count > 0; count -= 1) {
      coder[0] >>>= 1;
      const one = coder[1] >= coder[0] ? 1 : 0;
      if (one) coder[1] -= coder[0];
      found = found * 2 + one;
      normalize();
    }
    return found;
  }

  /** The highest bit first. */
  function tree(models, from, bits) {
    let found = 1;
    for (let index = 0; index < bits; index += 1) found = found * 2 + bit(models, from + found);
    return found - (1 << bits);
  }

  /** The lowest bit first. */
  function reverseTree(models, from, bits) {
    let node = 1;
    let found = 0;
    for (let index = 0; index < bits; index += 1) {
      const one = bit(models, from + node);
      node = node * 2 + one;
      found |= one << index;
    }
    return found;
  }

  const lengths = () => ({ choice: halves(2), low: halves(LENGTHS_MAX << 3), mid: halves(LENGTHS_MAX << 3), high: halves(256) });
  function length({ choice, low, mid, high }, position) {
    if (!bit(choice, 0)) return 2 + tree(low, position << 3, 3);
    if (!bit(choice, 1)) return 10 + tree(mid, position << 3, 3);
    return 18 + tree(high, 0, 8);
  }

  const literals = halves(0x300 << (lc + lp));
  const isMatch = halves(STATES << 4);
  const isRep = halves(STATES);
  const isRepG0 = halves(STATES);
  const isRepG1 = halves(STATES);
  const isRepG2 = halves(STATES);
  const isRep0Long = halves(STATES << 4);
  const slots = halves(4 << 6);
  const near = halves(128);
  const align = halves(1 << ALIGN_BITS);
  const matchLengths = lengths();
  const repLengths = lengths();

  let state = 0;
  let reps = [0, 0, 0, 0];
  let written = 0;

  function literal() {
    const before = written > 0 ? output[written - 1] : 0;
    const context = ((written & ((1 << lp) - 1)) << lc) + (before >> (8 - lc));
    const from = 0x300 * context;
    let symbol = 1;
    if (state >= 7) {
      let match = output[written - reps[0] - 1];
      while (symbol < 0x100) {
        const expected = match >> 7;
        match = (match << 1) & 0xff;
        const one = bit(literals, from + ((1 + expected) << 8) + symbol);
        symbol = symbol * 2 + one;
        if (one !== expected) break;
      }
    }
    while (symbol < 0x100) symbol = symbol * 2 + bit(literals, from + symbol);
    output[written++] = symbol & 0xff;
    state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  }

  function distance(count) {
    const slot = tree(slots, Math.min(count - 2, 3) << 6, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < DISTANCE_MODELS) return base + reverseTree(near, base - slot, bits);
    return base + directBits(bits - ALIGN_BITS) * (1 << ALIGN_BITS) + reverseTree(align, 0, ALIGN_BITS);
  }

  function copy(count) {
    for (; count > 0 && written < size; count -= 1) {
      output[written] = output[written - reps[0] - 1];
      written += 1;
    }
  }

  while (written < size) {
    const position = written & ((1 << pb) - 1);
    if (!bit(isMatch, (state << 4) + position)) {
      literal();
    } else if (!bit(isRep, state)) {
      const count = length(matchLengths, position);
      state = state < 7 ? 7 : 10;
      reps = [distance(count), reps[0], reps[1], reps[2]];
      copy(count);
    } else {
      if (bit(isRepG0, state)) {
        const which = !bit(isRepG1, state) ? 1 : 2 + bit(isRepG2, state);
        const [again] = reps.splice(which, 1);
        reps.unshift(again);
      } else if (!bit(isRep0Long, (state << 4) + position)) {
        state = state < 7 ? 9 : 11;
        copy(1);
        continue;
      }
      const count = length(repLengths, position);
      state = state < 7 ? 8 : 11;
      copy(count);
    }
  }
  return output;
}
