import { expect, test } from "vitest";
import { ruleDocstrings } from "../docs/docstrings.js";
import { ruleNames } from "./program.js";

test("the program runs every update rule that the package has", () => {
  expect(ruleNames.toSorted()).toEqual(
    ruleDocstrings()
      .map(({ name }) => name)
      .toSorted(),
  );
});
