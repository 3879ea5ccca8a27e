/** @typedef {import("./softmax.js").Layer} Layer */

/**
 * AdamW (Loshchilov, Hutter 2019) in plain JavaScript, with the defaults of `adamw`.
 * @param {Layer} layer
 * @param {{ learningRate: (step: number) => number }} options
 */
export function adamwInPlainJavaScript({ values, gradients }, { learningRate }) {
  const beta1 = 0.9;
  const beta2 = 0.999;
  const epsilon = 1e-8;
  const weightDecay = 0.01;
  const tensors = Object.keys(values).map((name) => ({
    values: values[name],
    gradients: gradients[name],
    firstMoments: new Float32Array(values[name].length),
    secondMoments: new Float32Array(values[name].length),
  }));
  let steps = 0;
  return {
    step() {
      const rate = learningRate(steps++);
      const keep = 1 - rate * weightDecay;
      const stepSize = rate / (1 - beta1 ** steps);
      const rootScale = 1 / Math.sqrt(1 - beta2 ** steps);
      for (const tensor of tensors) update(tensor, { beta1, beta2, epsilon, keep, stepSize, rootScale });
    },
  };
}

function update(
  { values, gradients, firstMoments, secondMoments },
  { beta1, beta2, epsilon, keep, stepSize, rootScale },
) {
  for (let i = 0; i < values.length; i++) {
    const gradient = gradients[i];
    const first = beta1 * firstMoments[i] + (1 - beta1) * gradient;
    const second = beta2 * secondMoments[i] + (1 - beta2) * gradient * gradient;
    firstMoments[i] = first;
    secondMoments[i] = second;
    values[i] = keep * values[i] - (stepSize * first) / (rootScale * Math.sqrt(second) + epsilon);
  }
}
