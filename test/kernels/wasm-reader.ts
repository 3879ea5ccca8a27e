// Reads as much of a WebAssembly binary as the kernel contract talks about: the sections, the signatures, and every
// instruction of every function. WebAssembly core specification 2.0, chapter 5.

export const SECTIONS = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "data count",
] as const;

export type SectionName = (typeof SECTIONS)[number];

const EXTERNALS = ["function", "table", "memory", "global"] as const;

export interface External {
  readonly name: string;
  readonly kind: (typeof EXTERNALS)[number];
}

export interface Export extends External {
  readonly index: number;
}

export interface Import extends External {
  readonly module: string;
}

export interface Signature {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

/** An opcode, and for the prefixes 0xfc and 0xfd the number behind it. `operands` are those of calls and local accesses. */
export interface Instruction {
  readonly opcode: number;
  readonly extended?: number;
  readonly operands: readonly number[];
}

export interface Binary {
  readonly sections: ReadonlyMap<SectionName, Uint8Array>;
  readonly customSections: readonly string[];
  readonly types: readonly Signature[];
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  /** The type of each function. */
  readonly functions: readonly number[];
  readonly bodies: readonly (readonly Instruction[])[];
}

/** Behind 0xfd: relaxed SIMD begins at 0x100. */
export const FIRST_RELAXED = 0x100;
const LAST_RELAXED = 0x113;

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    if (this.done) throw new RangeError("the binary ends too early");
    return this.#bytes[this.#at++]!;
  }

  take(count: number): Uint8Array {
    if (this.#at + count > this.#bytes.length) throw new RangeError("the binary ends too early");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** LEB128 of either sign; the value is right for unsigned ones below 2^53. */
  leb(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.leb()));
  }

  list<X>(item: () => X): X[] {
    return Array.from({ length: this.leb() }, item);
  }
}

const within = (opcode: number, first: number, last: number) => opcode >= first && opcode <= last;

/** How many LEB128 operands follow a one-byte opcode; undefined for the opcodes that are read by hand. */
function lebOperands(opcode: number): number {
  if (within(opcode, 0x02, 0x04)) return 1; // block, loop, if: a block type
  if (opcode === 0x0c || opcode === 0x0d) return 1; // br, br_if
  if (opcode === 0x10) return 1; // call
  if (opcode === 0x11) return 2; // call_indirect
  if (within(opcode, 0x20, 0x26)) return 1; // local, global, table accesses
  if (within(opcode, 0x28, 0x3e)) return 2; // loads and stores: alignment, offset
  if (opcode === 0x3f || opcode === 0x40) return 1; // memory.size, memory.grow
  if (opcode === 0x41 || opcode === 0x42) return 1; // i32.const, i64.const
  if (opcode === 0xd0 || opcode === 0xd2) return 1; // ref.null, ref.func
  const known =
    within(opcode, 0x00, 0x01) ||
    opcode === 0x05 ||
    opcode === 0x0b ||
    opcode === 0x0f ||
    within(opcode, 0x1a, 0x1b) ||
    within(opcode, 0x45, 0xc4) ||
    opcode === 0xd1;
  if (!known) throw new RangeError(`unknown opcode 0x${opcode.toString(16)}`);
  return 0;
}

/** 0xfc: saturating conversions, then bulk memory and table operations. */
function bulkOperands(extended: number): number {
  if (extended <= 7) return 0;
  if (extended > 17) throw new RangeError(`unknown opcode 0xfc ${extended}`);
  return [8, 10, 12, 14].includes(extended) ? 2 : 1;
}

function vectorInstruction(reader: Reader): Instruction {
  const extended = reader.leb();
  const operands: number[] = [];
  if (within(extended, 0, 11) || extended === 92 || extended === 93) {
    // loads and stores: alignment, offset
    operands.push(reader.leb(), reader.leb());
  } else if (extended === 12 || extended === 13) {
    // v128.const, i8x16.shuffle
    reader.take(16);
  } else if (within(extended, 21, 34)) {
    // extractions and replacements: the lane
    operands.push(reader.byte());
  } else if (within(extended, 84, 91)) {
    // loads and stores of a lane
    operands.push(reader.leb(), reader.leb(), reader.byte());
  } else if (extended > LAST_RELAXED) {
    throw new RangeError(`unknown opcode 0xfd ${extended}`);
  }
  return { opcode: 0xfd, extended, operands };
}

function instruction(reader: Reader): Instruction {
  const opcode = reader.byte();
  const lebs = (count: number) => Array.from({ length: count }, () => reader.leb());
  switch (opcode) {
    case 0x0e: // br_table
      return { opcode, operands: [...reader.list(() => reader.leb()), reader.leb()] };
    case 0x1c: // select with types
      return { opcode, operands: reader.list(() => reader.byte()) };
    case 0x43: // f32.const
      reader.take(4);
      return { opcode, operands: [] };
    case 0x44: // f64.const
      reader.take(8);
      return { opcode, operands: [] };
    case 0xfc: {
      const extended = reader.leb();
      return { opcode, extended, operands: lebs(bulkOperands(extended)) };
    }
    case 0xfd:
      return vectorInstruction(reader);
    default:
      return { opcode, operands: lebs(lebOperands(opcode)) };
  }
}

/** The instructions of a body. Throws unless they end, with all blocks closed, where the body does. */
function body(bytes: Uint8Array): Instruction[] {
  const reader = new Reader(bytes);
  reader.list(() => [reader.leb(), reader.byte()]); // locals: count and type
  const instructions: Instruction[] = [];
  let depth = 1;
  while (depth > 0) {
    const next = instruction(reader);
    if (within(next.opcode, 0x02, 0x04)) depth++;
    if (next.opcode === 0x0b) depth--;
    instructions.push(next);
  }
  if (!reader.done) throw new RangeError("a body goes on after its end");
  return instructions;
}

export function readBinary(bytes: Uint8Array): Binary {
  const reader = new Reader(bytes);
  const magic = [...reader.take(8)].join();
  if (magic !== "0,97,115,109,1,0,0,0") throw new RangeError("not a WebAssembly binary of version 1");
  const sections = new Map<SectionName, Uint8Array>();
  const customSections: string[] = [];
  while (!reader.done) {
    const name = SECTIONS[reader.byte()];
    if (name === undefined) throw new RangeError("unknown section");
    const content = reader.take(reader.leb());
    if (name === "custom") customSections.push(new Reader(content).name());
    else sections.set(name, content);
  }
  /** The items of a section, which must end with the last of them. */
  const items = <X>(name: SectionName, item: (section: Reader) => X): X[] => {
    const content = sections.get(name);
    if (content === undefined) return [];
    const section = new Reader(content);
    const list = section.list(() => item(section));
    if (!section.done) throw new RangeError(`the ${name} section goes on after its end`);
    return list;
  };
  return {
    sections,
    customSections,
    types: items("type", (section) => {
      if (section.byte() !== 0x60) throw new RangeError("a type that is no function");
      return { parameters: [...section.take(section.leb())], results: [...section.take(section.leb())] };
    }),
    imports: items("import", (section) => {
      const [module, name, kind] = [section.name(), section.name(), EXTERNALS[section.byte()]!];
      if (kind !== "memory") throw new RangeError(`an imported ${kind}: ${module}.${name}`);
      const limits = section.byte();
      section.leb();
      if (limits & 1) section.leb();
      return { module, name, kind };
    }),
    exports: items("export", (section) => ({
      name: section.name(),
      kind: EXTERNALS[section.byte()]!,
      index: section.leb(),
    })),
    functions: items("function", (section) => section.leb()),
    bodies: items("code", (section) => body(section.take(section.leb()))),
  };
}
