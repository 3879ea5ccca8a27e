// Adds up what the runners reported. A report that is missing counts as a failure.

import { existsSync, readFileSync } from "node:fs";

/** @returns {[passed: number, failed: number]} */
function fromVitest(report) {
  const { numPassedTests, numFailedTests, numFailedTestSuites, success } = JSON.parse(report);
  // A file that could not even be loaded has no tests to fail, but makes the run fail.
  return [numPassedTests, success ? 0 : Math.max(1, numFailedTests, numFailedTestSuites)];
}

/** @returns {[passed: number, failed: number]} */
function fromLastLine(report) {
  const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(report) ?? [0, 0, 1];
  return [Number(passed), Number(failed)];
}

const reports = {
  "test.json": fromVitest,
  "check.txt": fromLastLine,
  "runtimes.json": fromVitest,
  "start.txt": fromLastLine,
  "variance-reduction.txt": fromLastLine,
};

let passed = 0;
let failed = 0;
for (const [name, read] of Object.entries(reports)) {
  const path = new URL(`../reports/${name}`, import.meta.url);
  const [good, bad] = existsSync(path) ? read(readFileSync(path, "utf8")) : [0, 1];
  console.log(`${name}: ${good} passed, ${bad} failed`);
  passed += good;
  failed += bad;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
