// Layers whose steps are timed, and the passes that they are compared with.

import { parameters } from "schuss";
import { kernels } from "schuss/kernels";
import { gaussianFrom } from "./random.js";

/** Inputs and outputs. */
export const LAYERS = [
  [512, 512],
  [784, 128],
  [1024, 256],
];

export const BATCH = 128;

/** Three products: the layer's outputs, the gradient of its weights and that of its inputs. */
export function passes([m, n]) {
  const memory = new WebAssembly.Memory({ initial: Math.ceil((8 * (2 * BATCH * (m + n) + 2 * m * n) + 4e6) / 65536) });
  const table = kernels(memory, { variant: "strict" });
  const [x, w, y] = [64, 64 + 4 * BATCH * m, 64 + 4 * (BATCH * m + m * n)];
  const [dw, dx] = [y + 4 * BATCH * n, y + 4 * (BATCH * n + m * n)];
  const scratch = Math.ceil((dx + 4 * BATCH * m) / 64) * 64;
  const gaussian = gaussianFrom(m * n);
  new Float32Array(memory.buffer, x, BATCH * m + m * n).forEach((_, i, numbers) => {
    numbers[i] = gaussian();
  });
  return () => {
    table.gemm_f32(0, 0, BATCH, n, m, 1, x, m, w, n, 0, y, n, scratch);
    table.gemm_f32(1, 0, m, n, BATCH, 1, x, m, y, n, 0, dw, n, scratch);
    table.gemm_f32(0, 1, BATCH, m, n, 1, y, n, w, n, 0, dx, m, scratch);
  };
}

export function stepper(engine, [m, n], create) {
  const set = parameters({ weights: [m, n] }, { engine });
  const optimizer = create(set);
  const gaussian = gaussianFrom(7);
  const draw = () => {
    set.gradients.weights.forEach((_, i, numbers) => {
      numbers[i] = gaussian();
    });
  };
  draw();
  return {
    optimizer,
    step: () => optimizer.step(),
    draw,
    dispose() {
      optimizer.dispose();
      set.dispose();
    },
  };
}

export function timed(body) {
  const start = performance.now();
  body();
  return performance.now() - start;
}
