import type { Optimizer as HostOptimizer, NamedTensorMap, serialization, Tensor } from "@tensorflow/tfjs-core";
import type { CommonOptions } from "../../optimizers/common-options.js";
import type { Schedule } from "../../schedules/index.js";
import type { Memory } from "./choose-bridge.js";
import type { Entry } from "./place.js";
import { Relay } from "./relay.js";
import type { Create } from "./stepper.js";
import type { NamedTensor, TensorFlow } from "./tensorflow.js";
import type { Layout } from "./weights.js";

/** What the optimizers made here have beside TensorFlow.js's own methods. */
export interface TfjsOptimizer extends HostOptimizer {
  applyGradients(gradients: NamedTensorMap | NamedTensor[]): void;
  getConfig(): serialization.ConfigDict;
  /** The rate of the next step; set it to a number or a schedule. */
  get learningRate(): number;
  set learningRate(rate: number | Schedule);
  setLearningRate(rate: number | Schedule): void;
  /** Of `momentum` alone: from now on another factor of the velocity. */
  setMomentum(momentum: number): void;
  /** Where the work is done and why, in a sentence; undefined before the first step. */
  readonly reason: string | undefined;
  /** Bytes of parameters, gradients and state that this package holds for the backend. */
  readonly bytesInUse: number;
  /** Runs the body, which must not be asynchronous, with the averages of the parameters in the variables. */
  withAverages<Result>(body: () => Result): Result;
}

/** What an optimizer is made of. */
export interface Parts {
  readonly className: string;
  readonly create: Create;
  readonly options: CommonOptions;
  readonly layout: Layout;
  readonly memory: Memory;
  readonly config: serialization.ConfigDict;
  /** The rate in the configuration, given a new one. */
  rateOption(rate: number | Schedule): number | Schedule;
}

/** The class that all optimizers for one TensorFlow.js are of. */
export type Base = new (parts: Parts) => TfjsOptimizer;

export function makeBase(tf: TensorFlow): Base {
  return class extends tf.Optimizer implements TfjsOptimizer {
    readonly #parts: Parts;
    readonly #relay: Relay;
    #rate: number | Schedule;
    /** Given out by `getWeights`; they go when it is called again. */
    #weights: NamedTensor[] = [];

    constructor(parts: Parts) {
      super();
      this.#parts = parts;
      this.#rate = parts.options.learningRate ?? 0;
      this.#relay = new Relay(tf, parts.create, parts.options, parts.memory);
    }

    get learningRate(): number {
      return typeof this.#rate === "function" ? this.#rate(this.iterations) : this.#rate;
    }

    set learningRate(rate: number | Schedule) {
      this.#rate = this.#parts.rateOption(rate);
      this.#relay.reconfigure({ learningRate: this.#rate });
      if (typeof rate === "number") Object.assign(this.#parts.config, { learningRate: rate });
    }

    setLearningRate(rate: number | Schedule): void {
      this.learningRate = rate;
    }

    setMomentum(momentum: number): void {
      if (this.#parts.className !== "Momentum") {
        throw new TypeError(`${this.#parts.className}: setMomentum is of the optimizer Momentum`);
      }
      this.#relay.reconfigure({
        momentum,
        nesterov: this.#parts.config.useNesterov === true && momentum !== 0,
      } as CommonOptions);
      Object.assign(this.#parts.config, { momentum });
    }

    get reason(): string | undefined {
      return this.#relay.reason;
    }

    get bytesInUse(): number {
      return this.#relay.bytesInUse;
    }

    applyGradients(gradients: NamedTensorMap | NamedTensor[]): void {
      const { registeredVariables } = tf.engine();
      const entries: Entry[] = [];
      const take = (name: string, gradient: Tensor | null | undefined) => {
        if (gradient == null) return;
        const variable = registeredVariables[name];
        if (variable === undefined) throw new RangeError(`${this.#parts.className}: there is no variable "${name}"`);
        if (variable.size !== gradient.size) {
          throw new RangeError(
            `${this.#parts.className}: the gradient of "${name}" must have the shape [${variable.shape}], got [${gradient.shape}]`,
          );
        }
        if (variable.dtype !== "float32" || gradient.dtype !== "float32") {
          throw new TypeError(`${this.#parts.className}: "${name}" and its gradient must be float32`);
        }
        entries.push({ name, variable, gradient });
      };
      if (Array.isArray(gradients)) for (const { name, tensor } of gradients) take(name, tensor);
      else for (const name of Object.keys(gradients)) take(name, gradients[name]);
      this.#relay.step(entries);
      this.incrementIterations();
    }

    withAverages<Result>(body: () => Result): Result {
      return this.#relay.withAverages(body);
    }

    override dispose(): void {
      this.#relay.dispose();
      this.#disposeWeights();
    }

    /** The tensors are this optimizer's, until the next call of `getWeights`. */
    override async getWeights(): Promise<NamedTensor[]> {
      this.#disposeWeights();
      const state = this.#relay.stateDict();
      const slots = state === undefined ? [] : this.#parts.layout.write(tf, state, this.#order(state));
      this.#weights = [await this.saveIterations(), ...slots];
      return [...this.#weights];
    }

    override async setWeights(weights: NamedTensor[]): Promise<void> {
      const slots = await this.extractIterations(weights);
      const layout = this.#parts.layout;
      if (slots.length === 0 && this.iterations === 0) return;
      this.#relay.loadStateDict(await layout.read(slots, this.iterations));
    }

    override getConfig(): serialization.ConfigDict {
      return { ...this.#parts.config };
    }

    #order({ header }: { header: { groups: readonly { parameters: readonly string[] }[] } }): readonly string[] {
      return this.#relay.order.size > 0
        ? [...this.#relay.order]
        : header.groups.flatMap(({ parameters }) => parameters);
    }

    #disposeWeights(): void {
      for (const { tensor } of this.#weights) tensor.dispose();
      this.#weights = [];
    }
  };
}
