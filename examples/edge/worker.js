// An edge function that learns from the requests it serves: what is the chance of a click? A request brings what is known of
// a visit, `{ features, clicked }`; the answer is the chance as seen before `clicked` is learned from. What has been learned is
// in a Durable Object, saved with the optimizer after every step, so that the next instance goes on where this one stopped.

import { DurableObject } from "cloudflare:workers";
import { adamw, parameters } from "schuss";

const FEATURES = 8;

export class Learner extends DurableObject {
  #model = parameters({ weights: FEATURES, bias: 1 }, { dtype: "float64" });
  // Before, in `#learn`: for (let j = 0; j < FEATURES; j++) weights[j] -= 0.01 * gradients.weights[j]; and so for the bias.
  #optimizer = adamw(this.#model, { learningRate: 0.01, weightDecay: 0 }); // the line that is changed

  constructor(state, environment) {
    super(state, environment);
    state.blockConcurrencyWhile(async () => {
      const saved = await state.storage.get("learned");
      if (saved === undefined) return;
      this.#model.values.weights.set(saved.weights);
      this.#model.values.bias.set(saved.bias);
      this.#optimizer.loadStateDict(saved.optimizer);
    });
  }

  async fetch(request) {
    const { features, clicked } = await request.json();
    const { weights, bias } = this.#model.values;
    const score = weights.reduce((sum, weight, j) => sum + weight * features[j], bias[0]);
    const chance = 1 / (1 + Math.exp(-score));
    this.#learn(features, chance - Number(clicked));
    const { stepCount } = this.#optimizer;
    await this.ctx.storage.put("learned", { weights, bias, optimizer: this.#optimizer.stateDict() });
    return Response.json({ chance, stepCount });
  }

  /** A step along the gradient of the logistic loss of one visit. */
  #learn(features, slope) {
    const { weights, bias } = this.#model.gradients;
    for (let j = 0; j < FEATURES; j++) weights[j] = slope * features[j];
    bias[0] = slope;
    this.#optimizer.step();
  }
}

export default {
  fetch: (request, { LEARNER }) => LEARNER.get(LEARNER.idFromName("clicks")).fetch(request),
};
