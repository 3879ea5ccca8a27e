import type { CommonOptions } from "../../optimizers/common-options.js";
import type { StateDict } from "../../optimizers/state.js";
import { chooseBridge, type Memory, whyOperations } from "./choose-bridge.js";
import { ComposedStepper } from "./composed/stepper.js";
import { type Composable, composable } from "./composed/support.js";
import { Driver } from "./driver.js";
import { withoutRecords } from "./multipliers.js";
import type { Entry } from "./place.js";
import type { Create, Stepper } from "./stepper.js";
import type { TensorFlow } from "./tensorflow.js";

/** Gives the steps to what makes them on the backend that is in use, and the state over when that is another. */
export class Relay implements Stepper {
  readonly #tf: TensorFlow;
  readonly #create: Create;
  readonly #memory: Memory;
  #options: CommonOptions;
  #composable: Composable | string;
  #stepper: Driver | ComposedStepper | undefined;
  /** The backend that the stepper was chosen for. */
  #backend: object | undefined;
  /** The names in the order in which they came, which is that of TensorFlow.js's weights. */
  readonly order = new Set<string>();

  /** @throws TypeError or RangeError for options that are none */
  constructor(tf: TensorFlow, create: Create, options: CommonOptions, memory: Memory) {
    this.#tf = tf;
    this.#create = create;
    this.#memory = memory;
    this.#options = withoutRecords(options);
    this.#composable = this.#probe(this.#options);
  }

  get reason(): string | undefined {
    return this.#stepper?.reason;
  }

  get bytesInUse(): number {
    return this.#stepper?.bytesInUse ?? 0;
  }

  /** Goes on with some other options. */
  reconfigure(changed: CommonOptions): void {
    const options = { ...this.#options, ...changed };
    this.#composable = this.#probe(options);
    this.#options = options;
    if (this.#stepper instanceof Driver) this.#stepper.reconfigure(changed);
    else if (typeof this.#composable === "object") this.#stepper?.recompose(this.#composable);
  }

  step(entries: readonly Entry[]): void {
    for (const { name } of entries) this.order.add(name);
    this.#current().step(entries);
  }

  withAverages<Result>(body: () => Result): Result {
    return this.#stepper === undefined ? body() : this.#stepper.withAverages(body);
  }

  stateDict(): StateDict | undefined {
    return this.#stepper?.stateDict();
  }

  loadStateDict(state: StateDict): void {
    this.#current().loadStateDict(state);
  }

  dispose(): void {
    this.#stepper?.dispose();
  }

  #probe(options: CommonOptions): Composable | string {
    const optimizer = this.#create({ check: new Float32Array(1) }, options);
    const found = composable(optimizer);
    optimizer.dispose();
    if (typeof found === "string" && this.#memory === "operations") {
      throw new RangeError(`memory "operations" is not for ${found}`);
    }
    return found;
  }

  #current(): Stepper {
    const backend = this.#tf.backend();
    if (this.#stepper !== undefined && this.#backend === backend) return this.#stepper;
    this.#backend = backend;
    const before = this.#stepper;
    const why = whyOperations(this.#tf, this.#memory, this.#composable);
    // A driver looks for a bridge by itself, and tensors go to another backend with TensorFlow.js.
    if (before !== undefined && before instanceof ComposedStepper === (why !== undefined)) return before;
    const state = before?.stateDict();
    before?.dispose();
    this.#stepper =
      why === undefined
        ? new Driver(this.#tf, this.#create, this.#options, () =>
            chooseBridge(this.#tf, this.#memory, this.#composable),
          )
        : new ComposedStepper(this.#tf, this.#composable as Composable, why);
    if (state !== undefined) this.#stepper.loadStateDict(state);
    return this.#stepper;
  }
}
