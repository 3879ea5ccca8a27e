const ROUNDS = 9;

/** Milliseconds: V8 has a kernel's optimised code only some time after the first call, later where processors are busy. */
const WARM_UP = 500;

/**
 * Milliseconds of a call, the median of rounds in which the candidates take turns.
 * @param {readonly { step(): unknown, calls: number }[]} candidates
 * @returns {Promise<number[]>}
 */
export async function interleaved(candidates, { rounds = ROUNDS, warmUp = WARM_UP } = {}) {
  const times = candidates.map(() => []);
  for (const { step } of candidates) {
    const began = performance.now();
    do await step();
    while (performance.now() - began < warmUp);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [k, { step, calls }] of candidates.entries()) {
      const began = performance.now();
      for (let call = 0; call < calls; call++) await step();
      times[k].push((performance.now() - began) / calls);
    }
  }
  return times.map((all) => all.sort((a, b) => a - b)[rounds >> 1]);
}
