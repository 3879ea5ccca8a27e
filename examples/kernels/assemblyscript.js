// Weights that belong to an AssemblyScript module, scaled where they lie. The module collects its garbage as ever.

import asc from "assemblyscript/asc";
import { kernels } from "schuss/kernels";

const source = `
  const weights = new StaticArray<f32>(1000);
  export function pointer(): usize { return changetype<usize>(weights); }
  export function set(i: i32, x: f32): void { weights[i] = x; }
  export function get(i: i32): f32 { return weights[i]; }
`;
const { binary, error } = await asc.compileString(source, { runtime: "incremental", optimizeLevel: 2 });
if (error) throw error;

const abort = (_message, _file, line) => {
  throw new Error(`abort in line ${line}`);
};
const { instance } = await WebAssembly.instantiate(binary.slice(), { env: { abort } });
const { memory, pointer, set, get } = instance.exports;
const { scale_f32, sum_f32 } = kernels(memory);

for (let i = 0; i < 1000; i++) set(i, i);
scale_f32(1000, 0.5, pointer());
console.log(get(0), get(1), get(999)); // 0 0.5 499.5
console.log(sum_f32(1000, pointer())); // 249750
