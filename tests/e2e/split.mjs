// Splits the program in two: what a first visit runs, and the rest, which is loaded when it is first needed.
//
// `later.txt` says what belongs to the rest. Both parts share one memory and one table of functions. In the first part a
// slot of the table stands for each function of the rest that the first part can reach; a stub lies in it, which has
// the rest loaded and then calls through the same slot, where the rest has put the function itself by then. So a wrong
// guess in `later.txt` costs a moment, and breaks nothing.
//
// The work is done on the text form, in which every function has a name: in it alone does the symbol mangling v0 say
// which module a function, a closure or the table of a trait object belongs to.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const WORK = resolve(HERE, "../../target/split");
/** What Rust assumes of browsers. */
const FEATURES = ["mutable-globals", "nontrapping-float-to-int", "bulk-memory", "sign-ext", "reference-types", "multivalue"];
/** What a stub calls: `src/page/later.rs`. */
const LOAD = "triage::page::later::now";
/** As trunk is told in index.html; functions that are alike become one only within a part. */
const OPTIONS = ["-Oz", "--low-memory-unused", "--one-caller-inline-max-function-size=15"];
/** A function of so few lines is smaller than its stub. */
const SMALL_LINES = 10;
/** What reads a signal is alike in many views, so one short closure serves all: whose name it has is chance. */
const SHARED = /^<?triage::page::parts::(live|text|press)::<|\{closure#\d+\}$/;
const SHARED_LINES = 120;

const NAME = String.raw`\$(?:"(?:[^"\\]|\\.)*"|[^\s()"]+)`;
const matcher = (pattern, flags) => new RegExp(pattern.replaceAll("NAME", NAME), flags);
const CALL = matcher(String.raw`\(call (NAME)`, "g");

function binaryen(tool, ...given) {
  const features = FEATURES.map((feature) => `--enable-${feature}`);
  execFileSync(process.execPath, [join(HERE, "node_modules/binaryen/bin", tool), ...features, ...given]);
}

/** `$"triage[0123456789abcdef]::page"` as a person would write it. */
const plain = (name) => name.replace(/^\$"?|"$/g, "").replace(/\[[0-9a-f]{16}\]/g, "");

/** Whether a name has one of the paths in it, with whole words at its ends. */
function mentions(paths) {
  const whole = paths.map((path) => {
    const words = path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return (/^\w/.test(path) ? "(?<!\\w)" : "") + words + (/\w$/.test(path) ? "(?!\\w)" : "");
  });
  const pattern = new RegExp(whole.join("|") || "$^");
  return (name) => pattern.test(name);
}

function readList() {
  const lines = readFileSync(join(HERE, "later.txt"), "utf8").split("\n");
  return lines.map((line) => line.replace(/^#.*/, "").trim()).filter((line) => line !== "");
}

/** The module as its top-level forms; functions by their names. */
function parse(text) {
  const forms = [];
  for (const line of text.split("\n").slice(1)) {
    if (line.startsWith(" (")) forms.push(line);
    else if (line !== ")" && line !== "") forms[forms.length - 1] += `\n${line}`;
  }
  const module = { functions: new Map(), imports: new Map(), exports: [], others: [], table: [] };
  for (const form of forms) {
    const begins = (pattern) => form.match(matcher(`^ \\(${pattern}`));
    let found;
    if ((found = begins("func (NAME)"))) {
      module.functions.set(found[1], {
        name: found[1],
        text: form,
        lines: form.split("\n").length,
        calls: new Set([...form.matchAll(CALL)].map((call) => call[1])),
      });
    } else if ((found = begins(`import "[^"]*" "[^"]*" \\(func (NAME)(.*)\\)\\)$`))) {
      module.imports.set(found[1], { text: form, type: found[2] });
    } else if ((found = begins(`export "([^"]*)" \\(func (NAME)\\)\\)$`))) {
      module.exports.push({ as: found[1], name: found[2] });
    } else if ((found = begins(String.raw`elem NAME \(table \$0\) \(i32\.const (\d+)\) func(.*)\)$`))) {
      if (module.table.length > 0) throw new Error("the table of functions has more than one piece");
      module.base = Number(found[1]);
      module.table = found[2].match(matcher("NAME", "g"));
    } else if (begins("elem ") || begins("start ")) {
      throw new Error(`nothing is known of ${form.slice(0, 60)}`);
    } else {
      module.others.push(form);
    }
  }
  if (module.table.length === 0) throw new Error("the program has no table of functions");
  return module;
}

/** The names of the functions that go into the rest. */
function choose({ functions, exports, table }, list) {
  const callers = new Map();
  for (const { name, calls } of functions.values()) {
    for (const called of calls) {
      if (!callers.has(called)) callers.set(called, []);
      if (called !== name) callers.get(called).push(name);
    }
  }
  const fixed = new Set(exports.map(({ name }) => name));
  for (const { text } of functions.values()) {
    for (const [, name] of text.matchAll(matcher(String.raw`\(ref\.func (NAME)`, "g"))) fixed.add(name);
  }
  const reachable = new Set([...fixed, ...table]);
  const later = new Set();
  const fromFirst = (name) => (callers.get(name) ?? []).filter((caller) => !later.has(caller));

  const mentioned = mentions(list);
  for (const { name, lines } of functions.values()) {
    const small = SHARED.test(plain(name)) ? SHARED_LINES : SMALL_LINES;
    const apart = !fixed.has(name) && lines > small;
    if (apart && mentioned(plain(name))) later.add(name);
  }
  // Code of libraries that names a type of ours may serve others too, since functions that are alike become one.
  const named = mentions(list.filter((path) => !path.startsWith("triage::")));
  const borrowed = [...later].filter((name) => !/^<*&*(dyn )?triage::/.test(plain(name)) && !named(plain(name)));
  for (const name of borrowed) if (fromFirst(name).length > 1) later.delete(name);
  // What only the rest calls goes with it.
  for (let grew = true; grew; ) {
    grew = false;
    for (const { name } of functions.values()) {
      const alone = !later.has(name) && !reachable.has(name) && callers.get(name)?.length > 0;
      if (alone && fromFirst(name).length === 0) {
        later.add(name);
        grew = true;
      }
    }
  }
  return later;
}

/** Parameters and results, without names. */
function typeOf({ text }) {
  const [head] = text.split("\n");
  return (head.match(/\((?:param|result)[^)]*\)/g) ?? []).join(" ").replace(/\(param \$\S+ /g, "(param ");
}

/** Where the form that begins before `at` ends. */
function endOf(text, at) {
  for (let depth = 1; ; at += 1) {
    if (text[at] === '"') {
      for (at += 1; text[at] !== '"'; at += 1) if (text[at] === "\\") at += 1;
    } else if (text[at] === "(") depth += 1;
    else if (text[at] === ")" && --depth === 0) return at;
  }
}

/** A function of the first part, with calls into the rest made through the table. */
function redirect(text, later, slotOf, types) {
  const edits = [];
  for (const call of text.matchAll(CALL)) {
    if (!later.has(call[1])) continue;
    const after = call.index + call[0].length;
    edits.push([call.index, after, `(call_indirect $0 ${types(call[1])}`]);
    const end = endOf(text, after);
    edits.push([end, end, ` (i32.const ${slotOf(call[1])})`]);
  }
  edits.sort(([a], [b]) => a - b);
  let [made, at] = ["", 0];
  for (const [from, to, by] of edits) {
    made += text.slice(at, from) + by;
    at = to;
  }
  return made + text.slice(at);
}

/** The bytes of a string in the text form. */
function bytesOf(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== "\\") bytes.push(text.charCodeAt(at));
    else if (/^[0-9a-f]{2}/i.test(text.slice(at + 1))) {
      bytes.push(Number.parseInt(text.slice(at + 1, at + 3), 16));
      at += 2;
    } else {
      at += 1;
      bytes.push({ t: 9, n: 10, r: 13, '"': 34, "'": 39, "\\": 92 }[text[at]]);
    }
  }
  return Uint8Array.from(bytes);
}

const stringOf = (bytes) => [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");

/** Numbers in a piece of code that may be addresses between two bounds. */
function addresses(text, from, to) {
  const found = new Set();
  const take = (number) => number >= from && number < to && found.add(number);
  for (const [, number] of text.matchAll(/(?:i32\.const |offset=)(\d+)/g)) take(Number(number));
  for (const [, number] of text.matchAll(/i64\.const (-?\d+)/g)) {
    const bits = BigInt.asUintN(64, BigInt(number));
    take(Number(bits & 0xffffffffn));
    take(Number(bits >> 32n));
  }
  return found;
}

/** Constants of the program: what the linker's map lists of read-only data, each with where it lies in memory. */
function constants(map) {
  const listed = map.matchAll(/^ +([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) {9}(\S.*):\((\.[^)]*)\)$/gm);
  return [...listed]
    .map(([, at, size, from, section]) => ({ at: parseInt(at, 16), end: parseInt(at, 16) + parseInt(size, 16), from, section }))
    .filter(({ at, end, from, section }) => end > at && from !== "<internal>" && section.startsWith(".rodata"))
    .sort((a, b) => a.at - b.at);
}

/** Nothing but a text, which is read from its beginning. A table may be read from an address before or behind it. */
function isText(bytes) {
  try {
    const said = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return /\p{L}{2}/u.test(said) && !/[\0-\x08\x0b-\x1f]/.test(said);
  } catch {
    return false; // no text, or not the whole of one
  }
}

/** What is read at `table[i - k]` is written as an address so many bytes before the table, at most. */
const BEFORE_TABLE = 256;
/** What is shorter than this is smaller where it is. */
const SMALL_BYTES = 8;

/**
 * Constants that only the rest uses, out of the data of the program: texts and tables that no code of the first part
 * points into, and no table that it has. In the data of the first part, where they were, are zeros; the rest writes them
 * there when it comes.
 */
function divideData(forms, first, rest, listed) {
  const segments = forms.map((form) => {
    const [, name, at, text] = form.match(/^ \(data (\S+) \(i32\.const (\d+)\) "(.*)"\)$/s);
    return { name, at: Number(at), bytes: bytesOf(text) };
  });
  const pieces = listed.flatMap(({ at, end }) => {
    const segment = segments.find((one) => at >= one.at && end <= one.at + one.bytes.length);
    if (segment === undefined) return []; // zeros, which are written nowhere
    const bytes = segment.bytes.subarray(at - segment.at, end - segment.at);
    return [{ at, end, bytes, text: isText(bytes), points: [] }];
  });
  const texts = pieces.filter(({ text }) => text).length;
  if (texts < 1000) throw new Error(`the linker's map is of another program: only ${texts} texts lie where it says`);

  const [from, to] = [pieces[0].at, pieces.at(-1).end];
  /** The last piece that begins at or before an address. */
  const before = (address) => {
    let [low, high] = [0, pieces.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (pieces[middle].at <= address) low = middle;
      else high = middle;
    }
    return low;
  };
  for (const { at, bytes, points } of pieces.filter(({ text }) => !text)) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let place = (4 - (at % 4)) % 4; place + 4 <= bytes.length; place += 4) {
      const pointer = view.getUint32(place, true);
      if (pointer >= from && pointer < to) points.push(pointer);
    }
  }
  /**
   * All pieces that the addresses in some code lead to; with a margin also tables that are read from so many bytes before
   * them, or from their end.
   */
  const reached = (open, margin) => {
    const found = new Set();
    while (open.length > 0) {
      const address = open.pop();
      const begin = Math.max(0, before(address) - 1);
      for (let index = begin; index < pieces.length && pieces[index].at <= address + margin; index += 1) {
        const piece = pieces[index];
        const around = piece.text ? 0 : margin;
        const near = address >= piece.at - around && address < piece.end + Math.min(around, 1);
        if (!near || found.has(piece)) continue;
        found.add(piece);
        open.push(...piece.points);
      }
    }
    return found;
  };
  const pointers = (code) => [...addresses(code, from - BEFORE_TABLE, to + 1)];
  const asked = reached(pointers(rest), 0);
  const sure = reached(pointers(first), BEFORE_TABLE);
  // What nothing seems to point at is reached in a way that is not known of: it stays, and all that it points at. So does
  // what a variable points at.
  const owner = (address) => {
    const piece = pieces[before(address)];
    return address >= piece.at && address < piece.end ? piece : null;
  };
  const outside = [];
  for (const { at, bytes } of segments) {
    const view = new DataView(bytes.buffer);
    for (let place = (4 - (at % 4)) % 4; place + 4 <= bytes.length; place += 4) {
      const piece = owner(at + place);
      const pointer = view.getUint32(place, true);
      if (!asked.has(piece) && !sure.has(piece) && pointer >= from && pointer < to) outside.push(pointer);
    }
  }
  const kept = new Set([...sure, ...reached(outside, BEFORE_TABLE)]);
  const whole = segments.map(({ bytes }) => bytes.slice());
  const moved = [];
  for (const piece of pieces) {
    if (!asked.has(piece) || kept.has(piece) || piece.bytes.length < SMALL_BYTES) continue;
    const last = moved.at(-1);
    const gap = last === undefined ? Number.POSITIVE_INFINITY : piece.at - last.end;
    if (gap < SMALL_BYTES && gap < piece.bytes.byteOffset) {
      // What lies between stays, and comes with it.
      const between = new Uint8Array(piece.bytes.buffer, piece.bytes.byteOffset - gap, gap);
      last.text += stringOf(between) + stringOf(piece.bytes);
      last.end = piece.end;
    } else {
      moved.push({ at: piece.at, end: piece.end, text: stringOf(piece.bytes) });
    }
    piece.bytes.fill(0);
  }
  for (const [index, { at, bytes }] of segments.entries()) {
    const again = bytes.slice();
    for (const one of moved) if (one.at >= at && one.at < at + bytes.length) again.set(bytesOf(one.text), one.at - at);
    if (!Buffer.from(again).equals(Buffer.from(whole[index]))) throw new Error("both parts together have other data");
  }
  const stay = segments.map(({ name, at, bytes }) => ` (data ${name} (i32.const ${at}) "${stringOf(bytes)}")`);
  return { stay, moved: moved.map(({ at, text }) => ` (data (i32.const ${at}) "${text}")`) };
}

/** Both parts as text. */
function divide(module, later, listed) {
  const { functions, imports, exports, others, table, base } = module;
  const types = (name) => typeOf(functions.get(name));
  const slots = [...table];
  const at = new Map();
  table.forEach((name, index) => at.has(name) || at.set(name, base + index));
  const slotOf = (name) => {
    if (!at.has(name)) at.set(name, base + slots.push(name) - 1);
    return at.get(name);
  };
  const load = [...functions.keys()].find((name) => plain(name) === LOAD);
  if (load === undefined || later.has(load)) throw new Error(`the first part has no function ${LOAD}`);

  const kept = [...functions.values()].filter(({ name }) => !later.has(name));
  const stay = kept.map(({ text }) => redirect(text, later, slotOf, types));
  const moved = [...functions.values()].filter(({ name }) => later.has(name));
  const stubs = new Map();
  for (const name of slots) {
    if (!later.has(name) || stubs.has(name)) continue;
    const type = types(name);
    const count = (type.match(/\(param [^)]*\)/g) ?? []).flatMap((some) => some.slice(7, -1).split(/\s+/)).length;
    const given = Array.from({ length: count }, (_, index) => `(local.get ${index})`).join(" ");
    const id = `$stub${stubs.size}`;
    const call = `(call_indirect $0 ${type} ${given} (i32.const ${slotOf(name)}))`;
    stubs.set(name, { id, text: ` (func ${id} ${type} (call ${load}) ${call})` });
  }

  // What the rest takes from the first part, under names as short as can be.
  const text = moved.map((one) => one.text).join("\n");
  const needed = new Set(moved.flatMap(({ calls }) => [...calls]).filter((name) => !later.has(name)));
  const lent = [];
  const lend = (kind, name, type) => lent.push({ as: `_${lent.length.toString(36)}`, kind, name, type });
  for (const name of needed) lend("func", name, imports.get(name)?.type ?? types(name));
  const size = base + slots.length;
  const first = ["(module", ...[...imports.values()].map((one) => one.text)];
  const isData = (form) => form.startsWith(" (data ");
  const data = divideData(others.filter(isData), [...stay, ...others.filter((form) => !isData(form))].join("\n"), text, listed);
  for (let form of others.filter((form) => !isData(form))) {
    const [, kind, name, type] = form.match(matcher(String.raw`^ \((\w+) (NAME) ?(.*)\)$`, "s")) ?? [];
    if (kind === "table" && name === "$0") form = ` (table $0 ${size} ${size} funcref)`;
    if (kind === "table") lend(kind, name, name === "$0" ? `${size} ${size} funcref` : type);
    if (kind === "memory") lend(kind, name, type);
    const used = kind === "global" && matcher(`\\(global\\.[gs]et ${name.replaceAll("$", "\\$")}[\\s)]`).test(text);
    if (used) lend(kind, name, type.match(/^(\(mut \w+\)|\w+)/)[0]);
    first.push(form);
  }
  first.push(...exports.map(({ as, name }) => ` (export "${as}" (func ${name}))`));
  first.push(...lent.map(({ as, kind, name }) => ` (export "${as}" (${kind} ${name}))`));
  first.push(` (elem $0 (table $0) (i32.const ${base}) func ${slots.map((name) => stubs.get(name)?.id ?? name).join(" ")})`);
  first.push(...data.stay, ...stay, ...[...stubs.values()].map((stub) => stub.text), ")");

  const rest = ["(module", ...others.filter((form) => /^ \((type|rec) /.test(form))];
  rest.push(...lent.map(({ as, kind, name, type }) => ` (import "0" "${as}" (${kind} ${name} ${type}))`));
  slots.forEach((name, index) => {
    if (later.has(name)) rest.push(` (elem (table $0) (i32.const ${base + index}) func ${name})`);
  });
  rest.push(...data.moved, text, ")");
  return { first: first.join("\n"), rest: rest.join("\n") };
}

/** Gives what the program imports from its glue other names. */
function rename(text, names) {
  return text.replace(/^( \(import "[^"]*" )"([^"]*)"/gm, (whole, before, name) => {
    const by = names.get(name);
    return by === undefined ? whole : `${before}"${by}"`;
  });
}

/**
 * The two parts of a program that still has the names of its functions, by the map that its linker wrote; its imports get
 * new names, if any are given.
 * `target/split/` keeps what was made on the way.
 */
export function split(program, map, names = new Map()) {
  mkdirSync(WORK, { recursive: true });
  const file = (name) => join(WORK, name);
  writeFileSync(file("whole.wasm"), program);
  binaryen("wasm-dis", file("whole.wasm"), "-o", file("whole.wat"));
  const module = parse(rename(readFileSync(file("whole.wat"), "utf8"), names));
  const later = choose(module, readList());
  const parts = divide(module, later, constants(map));
  const made = {};
  for (const part of ["first", "rest"]) {
    writeFileSync(file(`${part}.wat`), parts[part]);
    binaryen("wasm-as", file(`${part}.wat`), "-o", file(`${part}.wasm`));
    binaryen("wasm-opt", ...OPTIONS, file(`${part}.wasm`), "-o", file(`${part}.wasm`));
    made[part] = readFileSync(file(`${part}.wasm`));
  }
  return made;
}
