// The example of a network by hand, run as a user runs it.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("a network learns, and from its file a second one ends where the first did, to the bit", () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const output = execFileSync(process.execPath, ["examples/network.js"], { cwd: root, encoding: "utf8" });
  const [, halfway, last, apart] = /^loss ([\d.]+) when saved, ([\d.]+) at last; the second ends (\S+) from it\n$/
    .exec(output)!
    .map(Number);
  // Even odds for every input are ln 2.
  expect(halfway).toBeLessThan(Math.LN2);
  expect(last).toBeLessThan(halfway!);
  expect(apart).toBe(0);
});
