import { cpus, totalmem } from "node:os";
import Table from "cli-table3";

const plainStyle = { head: [], border: [], compact: true };

const number = (value, digits) => (value === undefined ? "-" : value.toFixed(digits));
const times = (value) => (value === undefined ? "-" : value.toFixed(value < 10 ? 2 : 1));
const percent = (value) => (value === undefined ? "-" : `${Math.round(100 * value)} %`);

function barText({ what, atLeast, atMost, value, reached }) {
  const asked = atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}`;
  return `${what} ${asked}: ${reached ? "yes" : `no, ${value.toPrecision(3)}`}`;
}

function print(title, head, rows, notes) {
  if (rows.length === 0) return;
  const table = new Table({
    head,
    style: plainStyle,
    colAligns: ["left", ...head.slice(1, -1).map(() => "right"), "left"],
  });
  table.push(...rows);
  console.log(`\n${title}\n${table}`);
  for (const note of notes) console.log(note);
}

export function machine() {
  const [{ model }] = cpus();
  return {
    processor: `${model}, ${cpus().length} logical`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    runtime: `Node ${process.versions.node}, V8 ${process.versions.v8}`,
    date: new Date().toISOString(),
  };
}

export function printHeader(
  { processor, memory, runtime, date },
  { variants, compiler, natives, rounds, epochRounds },
) {
  console.log(`${processor}, ${memory}; ${runtime}; ${date}`);
  console.log(`Variants: ${variants.join(", ")}. C: ${compiler}.`);
  for (const { name, flags } of natives) console.log(`  ${name}: ${flags}`);
  console.log(
    `Medians of ${rounds} rounds (${epochRounds} of whole epochs); a ratio is the median of the rounds' ratios.`,
  );
}

export function printKernels(rows) {
  for (const dtype of new Set(rows.map((row) => row.dtype))) {
    const lines = rows
      .filter((row) => row.dtype === dtype)
      .map((row) => [
        row.name,
        row.n,
        row.variant,
        number(row.nanosecondsPerElement, 3),
        number(row.gigabytesPerSecond, 1),
        percent(row.shareOfCopy),
        times(row.faster.plain),
        times(row.faster.C),
        times(row.faster["C tuned"]),
        times(row.faster["C 128"]),
        row.bars.map(barText).join("\n"),
      ]);
    print(
      `Kernels, ${dtype}: the better variant, and how many times as fast as the others it is`,
      ["kernel", "n", "variant", "ns/element", "GB/s", "of copy", "x plain", "x C", "x C tuned", "x C 128", "bar"],
      lines,
      [
        "C adds up in order and takes roots one by one; tuned, it has partial sums and needs no errno of a root; C 128 is tuned",
        "too, but kept to vectors of 128 bits, the width that WebAssembly has.",
        "GB/s counts every array read or written once. `of copy`: over the GB/s of memory.copy at the same n in the same",
        "rounds; above 100 % where a kernel reads more than it writes, or touches less, so that more of it stays in cache.",
      ],
    );
  }
}

export function printRules(rows) {
  print(
    "Update rules through their optimizers, float32",
    ["rule", "bytes/element", "ns/element 16k", "x plain", "ns/element 4M", "of copy", "bound by", "bar"],
    rows.map(({ name, bytes, bound, inCache, outOfCache, bars }) => [
      name,
      bytes,
      number(inCache?.nanosecondsPerElement, 3),
      times(inCache?.faster),
      number(outOfCache?.nanosecondsPerElement, 3),
      percent(outOfCache?.shareOfCopy),
      boundOf({ bound, outOfCache }),
      bars.map(barText).join("\n"),
    ]),
    [
      "bytes/element: what must be read and written. `of copy`: that over the GB/s of a copy of one slab of 4M elements to another,",
      "in the same rounds; above 100 % since a copy reads the lines that it writes as well, and counts them once.",
    ],
  );
}

/** What holds a rule up, as far as that has been measured: memory where it moves its bytes as fast as a copy. */
function boundOf({ bound, outOfCache }) {
  if (outOfCache === undefined) return "-";
  return outOfCache.shareOfCopy >= 1 ? "memory" : (bound ?? "-");
}

export function printTensors(rows) {
  print(
    "1,000 tensors of 100 elements over one of 100,000, float32",
    ["rule", "variant", "one, microseconds", "alike", "with factors", "bar"],
    rows.map(({ name, variant, microseconds, cost, withFactors, bars }) => [
      name,
      variant,
      number(microseconds, 1),
      times(cost),
      times(withFactors),
      bars.map(barText).join("\n"),
    ]),
    ["with factors: every tensor has a rate of its own, and so has the large one."],
  );
}

export function printFiniteSum({ rows, sklearn, nanosecondsPerDraw }) {
  print(
    "Finite sums: an epoch in random order, per stored entry",
    [
      "method",
      "rows",
      "type",
      "variant",
      "ns/entry",
      "x plain",
      "x C",
      "x C tuned",
      "x C 128",
      "x scikit-learn",
      "bar",
    ],
    rows.map((row) => [
      row.name,
      row.title,
      row.dtype,
      row.variant,
      number(row.nanosecondsPerEntry, 2),
      times(row.faster.plain),
      times(row.faster.C),
      times(row.faster["C tuned"]),
      times(row.faster["C 128"]),
      times(row.faster["scikit-learn"]),
      row.bars.map(barText).join("\n"),
    ]),
    [
      `scikit-learn: ${sklearn ?? "not found"}. SVRG: the inner steps. C: with prefetching, partial sums in every build.`,
      `The draws are made ahead for all but scikit-learn; one takes ${number(nanosecondsPerDraw, 1)} ns, a row.`,
    ],
  );
}

export function printSubnormal(rows) {
  print(
    "Subnormal numbers: time over that of ordinary steps",
    ["", "variant", "2,000 steps without gradient", "a step after them", "bar"],
    rows.map((row) => [row.name, row.variant, times(row.during), times(row.after), row.bars.map(barText).join("\n")]),
    [],
  );
}

export function printSteps(rows) {
  print(
    "A step of Adam on many tensors, float32, microseconds",
    [
      "",
      "variant",
      "kernel alone",
      "parameter set",
      "of it JavaScript",
      "typed arrays",
      "plain",
      "x plain",
      "arrays x plain",
    ],
    rows.map(({ name, variant, microseconds, overhead, faster }) => [
      name,
      variant,
      number(microseconds.kernel, 2),
      number(microseconds["parameter set"], 2),
      number(overhead, 2),
      number(microseconds["typed arrays"], 2),
      number(microseconds.plain, 2),
      times(faster["parameter set"]),
      times(faster["typed arrays"]),
    ]),
    [],
  );
}

export function printMatrix({ rows, peers }) {
  print(
    "Products of square matrices, f32, strict: how many times as fast as the others",
    [
      "n",
      "GFLOP/s",
      "of 128 bits",
      "x C",
      "x TF.js",
      "x ml-matrix",
      "x NumPy",
      "x PyTorch",
      "relaxed",
      "f64",
      "A^T",
      "B^T",
      "symmetric",
      "bar",
    ],
    rows.map(({ n, gigaflops, faster, bars }) => [
      n,
      number(gigaflops, 1),
      percent(faster("strict", "limit")),
      ...["C", "TF.js", "ml-matrix", "numpy", "torch"].map((peer) => times(faster("strict", peer))),
      ...["relaxed", "f64", "tn", "nt", "lower"].map((form) => times(faster(form, "strict"))),
      bars.map(barText).join("\n"),
    ]),
    [
      "of 128 bits: of multiplications and additions in registers alone, in the same rounds. The last columns: times as fast",
      "as the plain product. Processor time. TF.js has packed B before. The others:",
      ...peers.map(({ name, version }) => `  ${name}: ${version}`),
    ],
  );
}

export function printEigen(rows) {
  print(
    "Decompositions of square matrices, f32, strict, in products of the same size (GEMM)",
    ["n", "microseconds", "eigen", "relaxed", "f64/f32", "x ml-matrix", "QR", "basis step", "from eigen", "bar"],
    rows.map(({ n, microseconds, cost, bars }) => [
      n,
      number(microseconds, 0),
      ...["eigen", "eigen relaxed"].map((form) => times(cost(form, "gemm"))),
      times(cost("eigen f64", "eigen")),
      times(cost("ml-matrix", "eigen")),
      ...["qr", "basis", "recompose"].map((form) => times(cost(form, "gemm"))),
      bars.map(barText).join("\n"),
    ]),
    [
      "eigen: all eigenvalues and vectors. relaxed: in strict products. basis step: SOAP's, a product and QR of it. from eigen:",
      "the matrix of new eigenvalues, as for roots. ml-matrix: plain JavaScript in f64. Processor time.",
    ],
  );
}

const power = (value) => value.toExponential(1).replace("e+", "e");

export function printRoots(rows) {
  print(
    "Inverse fourth roots of 128 x 128 matrices, relative ridge 1e-6",
    ["method", "type", "condition", "relative error", "on gradients", "GEMM", "bar"],
    rows.map(({ method, dtype, condition, relativeError, gradientError, products, bars }) => [
      method,
      dtype,
      power(condition),
      power(relativeError),
      power(gradientError),
      times(products),
      bars.map(barText).join("\n"),
    ]),
    ["on gradients: |(P - exact) A^(1/2)| / |exact A^(1/2)|, the error on gradients drawn with covariance A."],
  );
}

export function printOrthogonalize(rows) {
  print(
    "Orthogonalisation by five Newton-Schulz steps, f32, strict: in products of its small side's square with the matrix",
    ["shape", "direct", "Gram", "Gram to direct", "bar"],
    rows.map(({ m, n, direct, gram, ratio, bars }) => [
      `${m} x ${n}`,
      number(direct, 1),
      number(gram, 1),
      number(ratio, 2),
      bars.map(barText).join("\n"),
    ]),
    ["Processor time."],
  );
}

export function printMatrixRules(rows) {
  print(
    "Steps of rules of whole matrices, f32, strict: in forward and backward passes of the layer for a batch of 128",
    ["layer", "rule", "ms a step", "passes", "worst step to mean", "bar"],
    rows.map(({ layer, method, milliseconds, ratio, worst, bars }) => [
      layer.join(" x "),
      method,
      number(milliseconds, 2),
      number(ratio, 2),
      number(worst, 2),
      bars.map(barText).join("\n"),
    ]),
    ["A pass: three products of our own. Medians of every place in a period of 20 steps."],
  );
}

export function printSummary(rows) {
  const bars = rows.flatMap((row) => row.bars.map((bar) => ({ ...bar, row })));
  if (bars.length === 0) return;
  const missed = bars.filter(({ reached }) => !reached);
  console.log(`\nBars reached: ${bars.length - missed.length} of ${bars.length}.`);
  for (const { row, ...bar } of missed)
    console.log(`  ${[row.name, row.dtype, row.n].filter(Boolean).join(" ")}: ${barText(bar)}`);
}
