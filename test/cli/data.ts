import { normalNumbers } from "../memory/random.js";

/** Labelled rows of a noisy linear model, as LIBSVM text and as CSV. */
export interface TextData {
  readonly x: readonly (readonly number[])[];
  readonly labels: readonly string[];
  readonly libsvm: string;
  readonly csv: string;
}

export function textData(rows: number, columns: number, seed: number, names: readonly [string, string]): TextData {
  const normal = normalNumbers(seed);
  const truth = Array.from({ length: columns }, normal);
  const x = Array.from({ length: rows }, () => Array.from({ length: columns }, () => Number(normal().toFixed(3))));
  const labels = x.map((row) => names[row.reduce((sum, value, j) => sum + value * truth[j]!, normal()) > 0 ? 1 : 0]);
  const libsvm = x
    .map((row, i) => {
      const entries = row.flatMap((value, j) => (value === 0 ? [] : [`${j + 1}:${value}`]));
      return `${labels[i]} ${entries.join(" ")}\n`;
    })
    .join("");
  const header = ["label", ...truth.map((_, j) => `x${j + 1}`)].join(",");
  const csv = [header, ...x.map((row, i) => [labels[i], ...row].join(","))].join("\n");
  return { x, labels, libsvm, csv };
}

/** An array in NumPy's format, version 1, as NumPy writes it: the header padded with spaces to 64 bytes. */
export function npy(descr: string, shape: string, data: ArrayBufferView, fortran = false): Uint8Array {
  const dict = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${shape}, }`;
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64 - 10;
  const start = new Uint8Array(10);
  start.set([0x93, ...Buffer.from("NUMPY"), 1, 0]);
  new DataView(start.buffer).setUint16(8, length, true);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([start, Buffer.from(`${dict.padEnd(length - 1)}\n`), bytes]);
}
