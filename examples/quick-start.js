import { adamw, parameters } from "schuss";

const x = [0, 1, 2, 3];
const y = [1, 3, 5, 7]; // 2 x + 1
const model = parameters({ slope: 1, intercept: 1 });
const optimizer = adamw(model, { learningRate: 0.1, clearGradients: true });

for (let step = 0; step <= 200; step++) {
  const { values, gradients } = model;
  let loss = 0;
  for (let i = 0; i < x.length; i++) {
    const error = values.slope[0] * x[i] + values.intercept[0] - y[i];
    gradients.slope[0] += error * x[i];
    gradients.intercept[0] += error;
    loss += error ** 2 / 2;
  }
  if (step % 200 === 0) console.log(`loss after ${step} steps: ${loss.toFixed(3)}`);
  optimizer.step();
}
