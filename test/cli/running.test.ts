// What happens while the command runs: interruption, the bar, memory, and the little benchmark.

import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { file, place, program, schuss } from "./command.js";
import { textData } from "./data.js";

const data = file("running.svm", textData(2000, 20, 4, ["-1", "1"]).libsvm);

test("SIGINT ends a run with 130, and no model is written", async () => {
  const out = place("interrupted.json");
  const args = [program, "train", data, "--tolerance", "0", "--passes", "100000000", "--out", out];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let err = "";
  child.stderr.on("data", (text) => (err += text));
  // It says what it has read, and then solves.
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGINT");
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect({ code, err }).toEqual({ code: 130, err: "schuss: interrupted\n" });
  expect(() => statSync(out)).toThrow("ENOENT");
});

test("so does it a path, and nothing is written", async () => {
  const out = place("interrupted-path.json");
  const args = [program, "path", data, "--tolerance", "0", "--passes", "100000000", "--out", out];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGINT");
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(130);
  expect(() => statSync(out)).toThrow("ENOENT");
});

test("SIGINT while it waits for standard input: 130", async () => {
  const child = spawn(process.execPath, [program, "train", "-"], { stdio: ["pipe", "ignore", "ignore"] });
  // More than a pipe holds: once it is written, the command is reading.
  const much = "1 1:1\n-1 1:2\n".repeat(100_000);
  await new Promise((resolve) => child.stdin.write(much, resolve));
  child.kill("SIGINT");
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(130);
});

test("a time limit ends a run with what it has", async () => {
  const out = place("limited.json");
  const args = ["train", data, "--tolerance", "0", "--passes", "100000000", "--maximum-seconds", "0.2", "--out", out];
  const since = performance.now();
  expect((await schuss(args)).code).toBe(4);
  expect(performance.now() - since).toBeLessThan(30_000);
  expect(statSync(out).size).toBeGreaterThan(100);
});

describe("the bar", () => {
  /** Standard error as a terminal, by util-linux's `script`. */
  const inTerminal = (command: string) => execFileSync("script", ["-qec", command, "/dev/null"], { encoding: "utf8" });
  const hasScript = (() => {
    try {
      inTerminal("true");
      return true;
    } catch {
      return false;
    }
  })();

  test.runIf(hasScript)("is there on a terminal", () => {
    const shown = inTerminal(`"${process.execPath}" "${program}" train "${data}" >/dev/null`);
    expect(shown).toContain("solving");
    expect(shown).toContain("░");
  });

  test.runIf(hasScript)("but not on one that can't move back", () => {
    const shown = inTerminal(`TERM=dumb "${process.execPath}" "${program}" train "${data}" >/dev/null`);
    expect(shown).toBe("");
  });

  test("and nowhere else", async () => {
    expect((await schuss(["train", data])).err).toBe("");
  });
});

describe("memory", () => {
  const path = place("large.svm");
  const ROWS = 200_000;
  const PER_ROW = 50;

  /** About 100 MB of text: 10 million entries. */
  function writeLarge(): void {
    const target = openSync(path, "w");
    for (let block = 0; block < ROWS / 1000; block++) {
      const lines = Array.from({ length: 1000 }, (_, i) => {
        const row = 1000 * block + i;
        const entries = Array.from({ length: PER_ROW }, (_, k) => {
          const column = 1 + 37 * k + (row % 37);
          return `${column}:${((row * (k + 1)) % 9973) / 1000}`;
        });
        return `${row % 3 === 0 ? -1 : 1} ${entries.join(" ")}\n`;
      });
      writeSync(target, lines.join(""));
    }
    closeSync(target);
  }

  test("a file in megabytes takes about as many as its numbers do", async () => {
    writeLarge();
    const megabytes = statSync(path).size / 1e6;
    expect(megabytes).toBeGreaterThan(90);
    const code = `
      process.argv.splice(1, 1);
      process.on("exit", () => process.stderr.write(String(process.resourceUsage().maxRSS / 1024)));
      await import(${JSON.stringify(program)});`;
    const starter = file("starter.mjs", code);
    const child = spawn(process.execPath, [starter, program, "train", path, "--passes", "1", "--json"]);
    let err = "";
    child.stderr.on("data", (text) => (err += text));
    child.stdout.resume();
    const ended = await new Promise((resolve) => child.on("close", resolve));
    expect(ended).toBe(4);
    const peak = Number(err);
    // 12 bytes an entry, held three times over at the most: read, checked, in the kernels' memory.
    const numbers = (12 * ROWS * PER_ROW) / 2 ** 20;
    console.log(
      `${megabytes.toFixed(0)} MB of text, numbers of ${numbers.toFixed(0)} MiB: peak ${peak.toFixed(0)} MiB`,
    );
    expect(peak).toBeLessThan(150 + 4 * numbers);
  });
});

test("bench compares with plain JavaScript", async () => {
  const { code, out } = await schuss(["bench", "--json"]);
  expect(code).toBe(0);
  const { rows, variant } = JSON.parse(out);
  expect(["strict", "relaxed"]).toContain(variant);
  expect(rows.map(({ what }: { what: string }) => what.split(",")[0])).toEqual([
    "axpy",
    "dot",
    "momentum",
    "adagrad",
    "adam",
    "adamEverything",
    "SAG",
    "SAG",
  ]);
  for (const { milliseconds, plainMilliseconds, timesFaster } of rows) {
    expect(milliseconds).toBeGreaterThan(0);
    expect(plainMilliseconds).toBeGreaterThan(0);
    expect(timesFaster).toBeGreaterThan(0);
  }
});
