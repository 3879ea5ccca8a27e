import { expect, test } from "vitest";
import { ruleDocstrings } from "../docs/docstrings.js";
import { ruleNames } from "./program.js";

test("the program runs every update rule that the package has", () => {
  const names = ruleDocstrings().map(({ name }) => name);
  expect([...ruleNames].sort()).toEqual(names.sort());
});
