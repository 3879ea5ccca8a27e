// node bench/gradient-table.js: what a direction of SAGA costs by how the table keeps gradients, and how much it holds; ratios
// to float32, the rounds interleaved.

import { GradientTable, ScalarGradientTable } from "schuss/finite-sum";
import { gaussianFrom } from "./random.js";
import { median } from "./statistics.js";

const SAMPLES = 2000;
const SIZE = 10_000;
const STEPS = 300;
const ROUNDS = 7;

const gaussian = gaussianFrom(1);
const gradients = Array.from({ length: 16 }, () => Float32Array.from({ length: SIZE }, gaussian));
const into = new Float32Array(SIZE);

const tables = {
  float64: new GradientTable(SAMPLES, SIZE, { storage: "float64" }),
  float32: new GradientTable(SAMPLES, SIZE, { storage: "float32" }),
  float16: new GradientTable(SAMPLES, SIZE, { storage: "float16" }),
  int8: new GradientTable(SAMPLES, SIZE, { storage: "int8" }),
  scalar: new ScalarGradientTable(SAMPLES, SIZE),
};

const times = Object.fromEntries(Object.keys(tables).map((name) => [name, []]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, table] of Object.entries(tables)) {
    const began = process.cpuUsage();
    for (let step = 0; step < STEPS; step++) {
      const sample = (step * 7919) % SAMPLES;
      const gradient = gradients[step % gradients.length];
      if (name === "scalar") table.direction(sample, 1 + step, gradients[sample % gradients.length], into);
      else table.direction(sample, gradient, into);
    }
    const { user, system } = process.cpuUsage(began);
    if (round > 0) times[name].push((user + system) / STEPS);
  }
}
for (const [name, table] of Object.entries(tables)) {
  const ratio = median(times[name].map((time, round) => time / times.float32[round]));
  const nanoseconds = (1000 * median(times[name])) / SIZE;
  console.log(
    `${name}: ${(table.bytes / SAMPLES / SIZE).toFixed(4)} bytes a number, ${ratio.toFixed(2)} x the time of float32 ` +
      `(${nanoseconds.toFixed(2)} ns a number)`,
  );
}
