// Two vectors in a memory of one's own.

import { kernels } from "schuss/kernels";

const memory = new WebAssembly.Memory({ initial: 1 });
const { axpy_f32 } = kernels(memory);
const [x, y] = [0, 64];
new Float32Array(memory.buffer, x, 4).fill(1);
new Float32Array(memory.buffer, y, 4).fill(2);
axpy_f32(4, 3, x, y); // y = 3 x + y
console.log(new Float32Array(memory.buffer, y, 4).join()); // 5,5,5,5
