import { adamw, parameters } from "schuss";

const line = parameters({ slope: 1, intercept: 1 }); // the sizes of two tensors; their elements are 0
const optimizer = adamw(line, { learningRate: 0.1, clearGradients: true });
for (let step = 0; step < 400; step++) {
  for (let x = 0; x < 4; x++) {
    const error = line.values.slope[0] * x + line.values.intercept[0] - (2 * x + 1);
    line.gradients.slope[0] += error * x;
    line.gradients.intercept[0] += error;
  }
  optimizer.step();
}
console.log(`y = ${line.values.slope[0].toFixed(2)} x + ${line.values.intercept[0].toFixed(2)}`);
