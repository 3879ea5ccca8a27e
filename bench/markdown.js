// The tables of the BENCHMARKS.md, from what a run has measured.

const IN_CACHE = 2 ** 14;
const OUT_OF_CACHE = 2 ** 22;

/** What the peers are called there. */
const PEERS = { plain: "JS", C: "C", "C tuned": "C tuned", "C 128": "C 128" };

const times = (value) => (value === undefined ? "-" : value.toFixed(value < 10 ? 2 : 1));
const percent = (value) => (value === undefined ? "-" : `${Math.round(100 * value)} %`);
const row = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) =>
  [row(head), row(head.map((_, k) => (k === 0 ? "---" : "--:"))), ...rows.map(row)].join("\n");

function kernelTable(kernels) {
  const rowsAt = (n) => new Map(kernels.filter((kernel) => kernel.n === n).map((kernel) => [kernel.name, kernel]));
  const far = rowsAt(OUT_OF_CACHE);
  const heads = Object.values(PEERS);
  const ratios = (kernel) => Object.keys(PEERS).map((peer) => times(kernel?.faster[peer]));
  return table(
    ["kernel", ...heads.map((peer) => `16k: × ${peer}`), ...heads.map((peer) => `4M: × ${peer}`), "4M: of copy"],
    [...rowsAt(IN_CACHE).values()].map((kernel) => {
      const outOfCache = far.get(kernel.name);
      return [`\`${kernel.name}\``, ...ratios(kernel), ...ratios(outOfCache), percent(outOfCache?.shareOfCopy)];
    }),
  );
}

/** Every rule: against the plain loop, against the memory, what many tensors cost, and no gradients. */
function ruleTable({ rules, tensors, subnormal }) {
  const named = (rows) => new Map(rows.map((row) => [row.name, row]));
  const [many, starved] = [named(tensors), named(subnormal)];
  const digits = (value) => (value === undefined ? "-" : value.toFixed(2));
  return table(
    [
      "rule",
      "bytes an element",
      "16k: ns",
      "16k: × JS",
      "4M: ns",
      "4M: of copy",
      "1,000 tensors",
      "with factors",
      "no gradients",
    ],
    rules.map(({ name, bytes, inCache, outOfCache }) => [
      `\`${name.split(",")[0]}\`${name.slice(name.split(",")[0].length)}`,
      bytes,
      digits(inCache?.nanosecondsPerElement),
      times(inCache?.faster),
      digits(outOfCache?.nanosecondsPerElement),
      percent(outOfCache?.shareOfCopy),
      digits(many.get(name)?.cost),
      digits(many.get(name)?.withFactors),
      digits(starved.get(name)?.during),
    ]),
  );
}

function finiteSumTable({ rows }) {
  const peers = { ...PEERS, "scikit-learn": "scikit-learn" };
  return table(
    ["an epoch", "type", ...Object.values(peers).map((peer) => `× ${peer}`), "ns an entry"],
    rows.map(({ name, title, dtype, faster, nanosecondsPerEntry }) => [
      `${name}, ${title}`,
      dtype,
      ...Object.keys(peers).map((peer) => times(faster[peer])),
      nanosecondsPerEntry.toFixed(2),
    ]),
  );
}

const subnormalTable = (rows) =>
  table(
    ["time over that of ordinary steps", "2,000 steps without gradient", "a step after them"],
    rows.map(({ name, during, after }) => [name, times(during), times(after)]),
  );

const stepTable = (rows) =>
  table(
    ["a step of Adam", "parameter set × JS", "typed arrays × JS"],
    rows.map(({ name, faster }) => [name, times(faster["parameter set"]), times(faster["typed arrays"])]),
  );

/** By size: products against others, and what decompositions take in products. */
function matrixTable({ rows }, eigen, orthogonalize) {
  const bySize = (list) => new Map(list.map((entry) => [entry.n, entry]));
  const decompositions = bySize(eigen);
  const squares = bySize(orthogonalize.filter(({ m, n }) => m === n));
  const peers = { C: "C", "TF.js": "TF.js", "ml-matrix": "ml-matrix", numpy: "OpenBLAS" };
  return table(
    [
      "n",
      "GFLOP/s",
      ...Object.values(peers).map((peer) => `× ${peer}`),
      ...["relaxed", "f64", "syrk"].map((form) => `${form} × strict`),
      ...["eigenvectors", "QR", "Newton-Schulz"].map((kind) => `${kind}: products`),
      "eigenvectors × ml-matrix",
    ],
    rows.map(({ n, gigaflops, faster }) => [
      n,
      gigaflops.toFixed(1),
      ...Object.keys(peers).map((peer) => times(faster("strict", peer))),
      ...["relaxed", "f64", "lower"].map((form) => times(faster(form, "strict"))),
      ...["eigen", "qr"].map((kind) => times(decompositions.get(n)?.cost(kind, "gemm"))),
      times(squares.get(n)?.direct),
      times(decompositions.get(n)?.cost("ml-matrix", "eigen")),
    ]),
  );
}

const power = (value) => value.toExponential(1).replace("e+", "e");

const rootTable = (rows) =>
  table(
    ["inverse fourth root", "type", "condition", "error", "error on gradients", "products"],
    rows.map(({ method, dtype, condition, relativeError, gradientError, products }) => [
      method,
      dtype,
      ...[condition, relativeError, gradientError].map(power),
      times(products),
    ]),
  );

export function markdownOf(measured) {
  const { machine, kernels, rules, tensors, finiteSum, subnormal, steps, matrix, eigen, orthogonalize, roots } =
    measured;
  const { processor, memory, runtime, date } = machine;
  const tables = [
    kernels.length > 0 && kernelTable(kernels),
    rules.length > 0 && ruleTable({ rules, tensors, subnormal }),
    finiteSum.rows.length > 0 && finiteSumTable(finiteSum),
    subnormal.length > 0 && subnormalTable(subnormal),
    steps.length > 0 && stepTable(steps),
    matrix.rows.length > 0 && matrixTable(matrix, eigen, orthogonalize),
    roots.length > 0 && rootTable(roots),
  ];
  return [`${processor}, ${memory}; ${runtime}; ${date.slice(0, 10)}`, ...tables.filter(Boolean)].join("\n\n");
}
