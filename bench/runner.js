import { Bench } from "tinybench";

/** The least length of a sample in milliseconds: long against the clock, short against the time slices of the system. */
const LEAST_SAMPLE = 0.2;

/** What a function is run for before it counts, until V8 has optimised it: in calls and in milliseconds. */
const WARM_CALLS = 300;
const WARM_SHORT = 30;
const WARM_LONG = 120;

let serial = 0;

/**
 * `times => { ... }`, calling the function that often. Each candidate gets a loop with a source of its own: V8 optimises
 * a loop that they shared for all of them at once, and so for none. The arguments come in as such, since V8 takes what a
 * closure holds for constants, and specialises an inlined loop on the very arrays, which no program will see.
 */
export function repeating(call, args) {
  const names = args.map((_, k) => `a${k}`);
  const source = `return (${["times", ...names]}) => {
    let result;
    for (let k = 0; k < times; k++) result = call(${names});
    return result;
  }; // ${serial++}`;
  const loop = new Function("call", source)(call);
  return (times) => loop(times, ...args);
}

/**
 * A candidate that runs here, timed by tinybench. `work(times)` does the same thing that many times over; at least so
 * many samples are taken of it.
 */
export class LocalCandidate {
  #work;
  #samples;
  #now;
  #times = 1;

  constructor(name, work, { samples = 3, now } = {}) {
    this.name = name;
    this.#work = work;
    this.#samples = samples;
    this.#now = now;
  }

  async warm() {
    const began = performance.now();
    for (let calls = 0; ; calls += this.#times) {
      const before = performance.now();
      this.#work(this.#times);
      const now = performance.now();
      if (now - before < LEAST_SAMPLE) this.#times *= 2;
      const spent = now - began;
      if (spent > WARM_LONG || (spent > WARM_SHORT && calls >= WARM_CALLS)) break;
    }
    // The optimised code arrives from another thread and is taken up by a later call.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Nanoseconds of one time, the median of the samples taken in so many milliseconds. */
  async measure(milliseconds) {
    const bench = new Bench({
      time: milliseconds,
      iterations: this.#samples,
      warmupTime: 0,
      warmupIterations: 1,
      retainSamples: false,
      throws: true,
      ...(this.#now && { now: this.#now }),
    });
    const times = this.#times;
    bench.add(this.name, () => void this.#work(times), { async: false });
    bench.runSync();
    return (1e6 * bench.tasks[0].result.latency.p50) / times;
  }
}

/** Milliseconds of processor time, for work that is too long for nothing to come between. */
export function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A candidate that times itself in another process, and needs no warming. */
export class RemoteCandidate {
  #ask;

  constructor(name, ask) {
    this.name = name;
    this.#ask = ask;
  }

  async warm() {}

  measure(milliseconds) {
    return this.#ask(milliseconds);
  }
}

/**
 * Measures candidates in rounds, each of them once a round, beginning with another one every time: only times from the
 * same minute can be compared on a machine that has other work too.
 *
 * @returns nanoseconds by candidate, one number a round
 */
export async function interleave(candidates, { rounds, milliseconds, beforeRound = () => {} }) {
  beforeRound();
  for (const candidate of candidates) await candidate.warm();
  const times = Object.fromEntries(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    beforeRound();
    for (let k = 0; k < candidates.length; k++) {
      const candidate = candidates[(k + round) % candidates.length];
      times[candidate.name].push(await candidate.measure(milliseconds));
    }
  }
  return times;
}
