// Misspelt names: the text names the known one that is meant, and none where nothing is near.

import { expect, test } from "vitest";
import { checkNames, checkOneOf } from "../src/check.js";
import { type AdamOptions, adam, type Convention } from "../src/index.js";
import { nearestName } from "../src/nearest.js";

const known = ["learningRate", "weightDecay", "beta1", "beta2", "epsilon"];

test.each([
  ["learningrate", "learningRate", "a replaced character"],
  ["learninRate", "learningRate", "a missing one"],
  ["epsilonn", "epsilon", "one too many"],
  ["epislon", "epsilon", "two exchanged"],
  ["weight_decay", "weightDecay", "one replaced and one too many"],
  ["betas", "beta1", "the first of two that are as near"],
  ["beta_2", "beta2", "the nearer of two"],
])("%s is nearly %s: %s", (name, meant) => {
  expect(nearestName(name, known)).toBe(meant);
});

test.each([
  ["lr", "learningRate"],
  ["eps", "epsilon"],
  ["b2", "beta2"],
  ["rho", undefined],
  ["schedule", "learningRate"],
  ["toString", undefined],
])("%s is %s here, if anything", (name, meant) => {
  expect(nearestName(name, known)).toBe(meant);
});

test.each([
  ["precondition_frequency", "frequency", "all words of the known name are in it"],
  ["ns_steps", "steps", "with underscores"],
  ["maxIter", "passes", "SciPy's, in camel case"],
  ["clip", "clipNorm", "the first that has all its words"],
])("%s is %s: %s", (name, meant) => {
  expect(nearestName(name, ["frequency", "clipNorm", "clipValue", "steps", "passes"])).toBe(meant);
});

test("a word in common is not enough", () => {
  expect(nearestName("norm_of_weights", ["clipNorm"])).toBeUndefined();
});

test.each([["momentum"], ["lerningRait"], [""]])("%j is none of the known names", (name) => {
  expect(nearestName(name, known)).toBeUndefined();
});

test("a name of two characters is not taken for any other of two", () => {
  expect(nearestName("ab", ["xy", "c"])).toBeUndefined();
  expect(nearestName("l1", ["x", "l2"])).toBe("l2");
});

test("the errors ask", () => {
  expect(() => checkNames("f", "option", { epsilonn: 1 }, known)).toThrow(
    new RangeError(
      'f: there is no option "epsilonn" (did you mean "epsilon"?); there are learningRate, weightDecay, beta1, beta2, epsilon',
    ),
  );
  expect(() => checkOneOf("f", "kind", "squraed", ["squared", "hinge"])).toThrow(
    new RangeError('f: kind must be one of "squared", "hinge", got "squraed" (did you mean "squared"?)'),
  );
  expect(() => checkOneOf("f", "kind", 3, ["squared", "hinge"])).toThrow(
    new RangeError('f: kind must be one of "squared", "hinge", got 3'),
  );
});

test("an optimizer asks", () => {
  const weights = new Float32Array(1);
  expect(() => adam({ weights }, { learningrate: 1 } as AdamOptions)).toThrow(/\(did you mean "learningRate"\?\)/);
  expect(() => adam({ weights }, { convention: "tourch" as Convention })).toThrow(/\(did you mean "torch"\?\)/);
});
