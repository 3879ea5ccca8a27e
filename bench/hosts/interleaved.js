const ROUNDS = 9;

/**
 * Milliseconds of a call, the median of rounds in which the candidates take turns.
 * @param {readonly { step(): void, calls: number }[]} candidates
 */
export function interleaved(candidates) {
  const times = candidates.map(() => []);
  for (const { step } of candidates) for (let k = 0; k < 3; k++) step();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [k, { step, calls }] of candidates.entries()) {
      const began = performance.now();
      for (let call = 0; call < calls; call++) step();
      times[k].push((performance.now() - began) / calls);
    }
  }
  return times.map((all) => all.sort((a, b) => a - b)[ROUNDS >> 1]);
}

/** A row of the table. */
export function row(name, [theirs, ours]) {
  const digits = (x) => Number(x.toPrecision(3));
  return `| ${name} | ${digits(theirs)} | ${digits(ours)} | ${digits(theirs / ours)} |`;
}
