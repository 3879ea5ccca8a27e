// Against PyTorch 1.13: ../golden/torch-trajectories.json, made by ../golden/torch_trajectories.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  asgd,
  type Dtype,
  type Engine,
  nadam,
  parameters,
  radam,
  rmsprop,
  rprop,
  sgd,
} from "../../src/index.js";
import { dtypes } from "../../src/memory/dtype.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";

expectMemoryReturned();

const rules = { sgd, adagrad, adam, adamw, rmsprop, adadelta, adamax, nadam, radam, rprop, asgd };
type Rule = keyof typeof rules;
type Tensors = Record<"weight" | "bias", number[]>;

interface Configuration {
  readonly rule: Rule;
  readonly options: object;
  readonly dtype: Dtype;
  readonly trajectory: readonly Tensors[];
}

interface Golden {
  readonly shapes: Tensors;
  readonly defaults: Record<Rule, object>;
  readonly start: Tensors;
  readonly gradients: readonly Tensors[];
  readonly configurations: readonly Configuration[];
}

const golden: Golden = JSON.parse(readFileSync(new URL("../golden/torch-trajectories.json", import.meta.url), "utf8"));

/** All parameters after every step, weight before bias; with asgd each with its average behind it. */
function walk(engine: Engine, { rule, options, dtype }: Configuration): number[][] {
  using model = parameters(golden.shapes, { dtype, engine });
  const { values, gradients } = model;
  values.weight.set(golden.start.weight);
  values.bias.set(golden.start.bias);
  using optimizer = rules[rule](model, { ...golden.defaults[rule], ...options });
  return golden.gradients.map(({ weight, bias }) => {
    gradients.weight.set(weight);
    gradients.bias.set(bias);
    optimizer.step();
    if (rule !== "asgd") return [...values.weight, ...values.bias];
    const { weight: points, bias: offsets } = { weight: values.weight.slice(), bias: values.bias.slice() };
    return optimizer.withAverages(() => [...points, ...values.weight, ...offsets, ...values.bias]);
  });
}

/** What torch has in their place, read through the dtype as the file's `about` says. */
function expectedWalk({ dtype, trajectory }: Configuration): number[][] {
  return trajectory.map(({ weight, bias }) => [...new dtypes[dtype].array([...weight, ...bias])]);
}

/**
 * The greatest difference between two walks, in units in the last place of the greatest magnitude that the coordinate
 * has had: what rounding can cost a value that moves through it.
 */
function unitsApart({ rule, dtype }: Configuration, walk: number[][], expected: number[][]): number {
  const { weight, bias } = golden.start;
  const start = rule === "asgd" ? [...weight, ...weight, ...bias, ...bias] : [...weight, ...bias];
  const greatest = start.map(Math.abs);
  let apart = 0;
  expected.forEach((point, t) => {
    point.forEach((value, i) => {
      greatest[i] = Math.max(greatest[i]!, Math.abs(value));
      const unit = 2 ** (Math.floor(Math.log2(greatest[i]!)) - (dtype === "float32" ? 23 : 52));
      apart = Math.max(apart, Math.abs(walk[t]![i]! - value) / unit);
    });
  });
  return apart;
}

/**
 * Strict kernels follow torch's order of operations, so sgd, adagrad, rmsprop and adadelta agree bit for bit. Adam does
 * not: it multiplies by the rounded 1 / sqrt(1 - beta2^t) where torch divides by sqrt(1 - beta2^t), and it takes
 * 1 - beta^t as a whole where torch subtracts a power from 1. In float64 that shows: early on 1 - beta2^t is so small that
 * one unit in the last place of torch's power is hundreds in the difference.
 */
const adamBound: Record<Dtype, number> = { float32: 3, float64: 20 };

/** AdamW subtracts rate * decay * p, where torch multiplies p by 1 - rate * decay, rounded: 3e-8 off each step in float32. */
const adamwBound: Record<Dtype, number> = { float32: 10, float64: 18 };

/** NAdam multiplies rates and epsilon by the root of the correction where torch divides v by it, and divides a sum. */
const nadamBound: Record<Dtype, number> = { float32: 4, float64: 8 };

/** RAdam subtracts from 2 / (1 - beta2) a number near it, which torch makes of a 1 - beta2^t that is off as Adam's is. */
const radamBound: Record<Dtype, number> = { float32: 2, float64: 100 };

/** Adamax takes 1 - beta1^t as a whole, too. */
const adamaxBound: Record<Dtype, number> = { float32: 0, float64: 2 };

/** ASGD subtracts rate * decay * p as AdamW does, and averages by (1 - c) a + c p where torch has a + c (p - a). */
const asgdBound: Record<Dtype, number> = { float32: 20, float64: 6 };

const bounds: Partial<Record<Rule, Record<Dtype, number>>> = {
  adam: adamBound,
  adamw: adamwBound,
  adamax: adamaxBound,
  radam: radamBound,
  nadam: nadamBound,
  asgd: asgdBound,
};
const strictBound = (rule: Rule, dtype: Dtype) => bounds[rule]?.[dtype] ?? 0;

/** Fused operations leave out some roundings of each step, and a velocity carries the difference on. */
const relaxedBound = (rule: Rule, dtype: Dtype) => strictBound(rule, dtype) + (rule === "rmsprop" ? 12 : 6);

describe.each(golden.configurations)("$rule $options $dtype", (configuration) => {
  const { rule, dtype } = configuration;
  const expected = expectedWalk(configuration);
  const strict = walk(engines.strict, configuration);

  test("strict follows torch", () => {
    const apart = unitsApart(configuration, strict, expected);
    expect(apart).toBeLessThanOrEqual(strictBound(rule, dtype));
  });

  test("relaxed follows torch", () => {
    const apart = unitsApart(configuration, walk(engines.relaxed, configuration), expected);
    expect(apart).toBeLessThanOrEqual(relaxedBound(rule, dtype));
  });

  test("reference agrees with strict bit for bit", () => {
    expect(walk(engines.reference, configuration)).toEqual(strict);
  });
});

test("the file has every rule in both dtypes", () => {
  const seen = new Set(golden.configurations.map(({ rule, dtype }) => `${rule} ${dtype}`));
  expect(seen.size).toBe(2 * Object.keys(rules).length);
  expect(golden.configurations.every(({ trajectory }) => trajectory.length === 20)).toBe(true);
});
