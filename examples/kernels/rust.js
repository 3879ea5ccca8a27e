// Vectors in the memory of a Rust module, here lz4 as wasm-bindgen has made it. Rust goes on using it.

import lz4 from "lz4-wasm-nodejs";
import { kernels } from "schuss/kernels";

const text = new TextEncoder().encode("downhill ".repeat(1000));
const compressed = lz4.compress(text);

const { memory, __wbindgen_malloc, __wbindgen_free } = lz4.__wasm;
const { axpy_f64, dot_f64 } = kernels(memory);
const n = 1000;
const [x, y] = [__wbindgen_malloc(8 * n), __wbindgen_malloc(8 * n)];
new Float64Array(memory.buffer, x, n).fill(2);
new Float64Array(memory.buffer, y, n).fill(1);
axpy_f64(n, 3, x, y); // y = 3 x + y
console.log(dot_f64(n, x, y)); // 14000
__wbindgen_free(x, 8 * n);
__wbindgen_free(y, 8 * n);

console.log(new TextDecoder().decode(lz4.decompress(compressed)).slice(0, 17)); // downhill downhill
