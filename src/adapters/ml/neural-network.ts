import { given } from "../../check.js";
import { type NetworkKernels, network } from "../../engine/families/network.js";
import { type Allocation, defaultEngine, type Engine } from "../../memory/engine.js";
import type { WithEngine } from "../../optimizers/with-engine.js";

interface Perceptron {
  readonly id: number;
  readonly weights: Float32Array;
  readonly changes: Float32Array;
  bias: number;
}

interface Sparse {
  readonly keys: readonly number[];
  readonly data: Readonly<Record<number, number>>;
}

type Rows = readonly { readonly input: Sparse; readonly output: Sparse }[];

interface Host {
  readonly settings: { readonly alpha: number; readonly momentum: number };
  readonly decayLearningRate: number;
  readonly perceptrons: readonly Perceptron[];
  train(corpus: never): unknown;
  trainPerceptron(perceptron: Perceptron, data: never): number;
}

/** The class `NeuralNetwork` of @nlpjs/neural 4. */
// biome-ignore lint/suspicious/noExplicitAny: what TypeScript asks of a class that is extended by a function
export type HostNeuralNetwork = new (...operands: any[]) => Host;

const whole = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** The corpus as CSR and the perceptrons, in linear memory for the time of one training. */
class Session {
  readonly #engine: Engine;
  readonly #kernels: NetworkKernels;
  readonly #perceptrons: readonly Perceptron[];
  readonly #block: Allocation;
  readonly #rows: number;
  readonly #at: Readonly<Record<"offsets" | "keys" | "values" | "targets" | "biases" | "slots", number>>;
  /** Where a perceptron's target is not 0: rows and targets by its id. */
  readonly #targets: readonly [number, number][][];
  /** Bytes of one perceptron's weights, and of its changes. */
  readonly #slot: number;

  constructor(engine: Engine, perceptrons: readonly Perceptron[], rows: Rows) {
    this.#engine = engine;
    this.#kernels = engine.family(network);
    this.#perceptrons = perceptrons;
    this.#rows = rows.length;
    const entries = rows.reduce((sum, { input }) => sum + input.keys.length, 0);
    this.#slot = whole(4 * (perceptrons[0]?.weights.length ?? 0));
    const sizes = {
      values: 8 * entries,
      targets: 8 * rows.length,
      biases: 8 * perceptrons.length,
      offsets: 4 * (rows.length + 1),
      keys: 4 * entries,
      slots: 2 * this.#slot * perceptrons.length,
    };
    this.#block = engine.allocate(
      this,
      Object.values(sizes).reduce((sum, bytes) => sum + whole(bytes), 0),
    );
    let next = this.#block.pointer;
    const place = (bytes: number) => (next += whole(bytes)) - whole(bytes);
    this.#at = Object.fromEntries(Object.entries(sizes).map(([name, bytes]) => [name, place(bytes)])) as never;
    this.#fill(rows, entries);
    this.#targets = perceptrons.map(() => []);
    rows.forEach(({ output }, i) => {
      for (const [id, target] of Object.entries(output.data)) if (target) this.#targets[Number(id)]?.push([i, target]);
    });
    for (const [k, { weights, changes, bias }] of perceptrons.entries()) {
      this.#view(k, 0).set(weights);
      this.#view(k, 1).set(changes);
      this.#biases()[k] = bias;
    }
  }

  epoch(k: number, alpha: number, momentum: number, rate: number): number {
    const { offsets, keys, values, targets, biases, slots } = this.#at;
    const wanted = this.#engine.view("float64", targets, this.#rows);
    for (const [i, target] of this.#targets[k]!) wanted[i] = target;
    const weights = slots + 2 * k * this.#slot;
    const changes = weights + this.#slot;
    const { perceptronEpoch_f32 } = this.#kernels;
    const error = perceptronEpoch_f32(
      this.#rows,
      offsets,
      keys,
      values,
      targets,
      weights,
      changes,
      biases + 8 * k,
      alpha,
      momentum,
      rate,
    );
    for (const [i] of this.#targets[k]!) wanted[i] = 0;
    return error;
  }

  /** Gives the perceptrons back what they have become. */
  finish(): void {
    for (const [k, perceptron] of this.#perceptrons.entries()) {
      perceptron.weights.set(this.#view(k, 0));
      perceptron.changes.set(this.#view(k, 1));
      perceptron.bias = this.#biases()[k]!;
    }
    this.#block.dispose();
  }

  #fill(rows: Rows, entries: number): void {
    const { buffer } = this.#engine.memory;
    const offsets = new Int32Array(buffer, this.#at.offsets, rows.length + 1);
    const keys = new Int32Array(buffer, this.#at.keys, entries);
    const values = new Float64Array(buffer, this.#at.values, entries);
    let j = 0;
    rows.forEach(({ input }, i) => {
      for (const key of input.keys) {
        keys[j] = key;
        values[j++] = input.data[key]!;
      }
      offsets[i + 1] = j;
    });
  }

  #biases() {
    return this.#engine.view("float64", this.#at.biases, this.#perceptrons.length);
  }

  #view(k: number, which: 0 | 1) {
    const { length } = this.#perceptrons[k]!.weights;
    return this.#engine.view("float32", this.#at.slots + (2 * k + which) * this.#slot, length);
  }
}

/**
 * @nlpjs/neural's class with epochs that are one kernel call a perceptron, over the corpus as a sparse matrix that is built
 * once. Numbers are rounded where the host rounds them: weights and biases are the host's own to the bit.
 *
 *     of each row:  y = alpha max(0, w.x + b);  e = target - y;  c <- rate e f' x + momentum c;  w <- w + c
 *
 * The perceptrons' arrays hold the new numbers once `train` returns, not while it calls `settings.log`.
 *
 * @param NeuralNetwork the class of `@nlpjs/neural` 4
 * @param options.engine where to work; default `defaultEngine()`
 * @returns a class to use in its place
 * @throws TypeError for what is no such class
 *
 * @example
 * const Fast = neuralNetwork(NeuralNetwork);
 * // before: const net = new NeuralNetwork();
 * const net = new Fast();
 * net.train([
 *   { input: { who: 1, are: 1, you: 1 }, output: { identity: 1 } },
 *   { input: { say: 1, hello: 1 }, output: { greeting: 1 } },
 * ]);
 * const { greeting } = net.run({ hello: 1 });
 * @see @nlpjs/neural 4, src/neural-network.js
 */
export function neuralNetwork<Class extends HostNeuralNetwork>(NeuralNetwork: Class, options: WithEngine = {}): Class {
  if (typeof NeuralNetwork?.prototype?.trainPerceptron !== "function") {
    throw new TypeError(`neuralNetwork: must be given the class of @nlpjs/neural, got ${given(NeuralNetwork)}`);
  }
  return class extends NeuralNetwork {
    #session: Session | undefined;

    override train(corpus: never): unknown {
      try {
        return super.train(corpus);
      } finally {
        this.#session?.finish();
        this.#session = undefined;
      }
    }

    override trainPerceptron(perceptron: Perceptron, data: Rows & never): number {
      this.#session ??= new Session(options.engine ?? defaultEngine(), this.perceptrons, data);
      const { alpha, momentum } = this.settings;
      return this.#session.epoch(perceptron.id, alpha, momentum, this.decayLearningRate);
    }
  };
}
