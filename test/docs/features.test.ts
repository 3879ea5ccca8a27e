// FEATURES.md says of the package what the package says of itself, and of TensorFlow.js what that has.

import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as facts from "../../scripts/features/facts.js";
import { render, rulesOf } from "../../scripts/features/render.js";
import * as schuss from "../../src/index.js";
import { ruleDocstrings } from "./docstrings.js";

const written = readFileSync(new URL("../../FEATURES.md", import.meta.url), "utf8");

test("it is what `npm run features` would write", () => {
  expect(written).toBe(render(schuss));
});

test("it knows every rule that has a file", () => {
  const names = ruleDocstrings().map(({ name }) => name);
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

test("CONVENTIONS.md has a row for every rule that a convention changes", () => {
  const conventions = readFileSync(new URL("../../CONVENTIONS.md", import.meta.url), "utf8");
  for (const [name, { torch, ...others }] of Object.entries(rulesOf(schuss))) {
    const changed = Object.values(others).some((o) =>
      Object.keys(torch).some((option) => option !== "convention" && !Object.is(o?.[option], torch[option])),
    );
    const row = name === "amsgrad" ? "| AMSGrad |" : `| \`${name}\` |`;
    if (changed) expect(conventions, name).toContain(row);
  }
});

test("the README names every rule, every schedule and every place to import from", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const { exports } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const entries = Object.keys(exports).filter((entry) => !/\.(wasm|json)$|\/worker$/.test(entry));
  const named = [...Object.keys(rulesOf(schuss)), ...Object.keys(schuss.schedules)].filter(
    (name) => name !== "resumePlateau",
  );
  for (const name of [...named, ...entries.map((entry) => entry.replace(".", "schuss"))]) {
    expect(readme, name).toContain(`\`${name}\``);
  }
});
