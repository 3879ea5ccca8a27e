// FEATURES.md says of the package what the package says of itself, and of TensorFlow.js what that has.

import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as facts from "../../scripts/features/facts.js";
import { render, rulesOf } from "../../scripts/features/render.js";
import * as schuss from "../../src/index.js";
import { docstringsUnder } from "./docstrings.js";

const written = readFileSync(new URL("../../FEATURES.md", import.meta.url), "utf8");

test("it is what `npm run features` would write", () => {
  expect(written).toBe(render(schuss));
});

test("it knows every rule that has a file", () => {
  const names = docstringsUnder("src/optimizers/rules/").map(({ name }) => name);
  expect(Object.keys(rulesOf(schuss))).toEqual(expect.arrayContaining(names));
  for (const name of names) expect(written).toContain(`| \`${name}\` |`);
});

test("without facts about a rule there is no table", () => {
  expect(() => render({ ...schuss, newRule: schuss.sgd })).toThrow("says nothing of the rule newRule");
});

test("a default that changes makes it out of date", () => {
  const changed = (target: schuss.Target, options: object) => schuss.sgd(target, { momentum: 0.5, ...options });
  expect(render({ ...schuss, sgd: changed })).not.toBe(written);
});

test("TensorFlow.js has the rules that it is said to have, and no others", () => {
  const said = Object.values(facts.rules as Record<string, { torch?: string; optax?: string; tfjs?: string }>).flatMap(
    ({ tfjs = "" }) => [...tfjs.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
  );
  const own = Object.getOwnPropertyNames(tf.train).filter(
    (name) => typeof tf.train[name as keyof typeof tf.train] === "function",
  );
  expect(said.sort()).toStrictEqual(own.sort());
});
