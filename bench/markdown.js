// The tables of the README, from what a run has measured.

const IN_CACHE = 2 ** 14;
const OUT_OF_CACHE = 2 ** 22;

const PEERS = ["plain", "C", "C tuned", "C 128"];

const times = (value) => (value === undefined ? "-" : value.toFixed(value < 10 ? 2 : 1));
const row = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) =>
  [row(head), row(head.map((_, k) => (k === 0 ? "---" : "--:"))), ...rows.map(row)].join("\n");

function kernelTable(kernels) {
  const rowsAt = (n) => new Map(kernels.filter((kernel) => kernel.n === n).map((kernel) => [kernel.name, kernel]));
  const far = rowsAt(OUT_OF_CACHE);
  return table(
    [
      "16,384 and 4M elements",
      ...PEERS.map((peer) => `× ${peer}`),
      ...PEERS.map((peer) => `× ${peer}, 4M`),
      "of copy, 4M",
    ],
    [...rowsAt(IN_CACHE).values()].map(({ name, faster }) => [
      `\`${name}\``,
      ...PEERS.map((peer) => times(faster[peer])),
      ...PEERS.map((peer) => times(far.get(name)?.faster[peer])),
      `${Math.round(100 * (far.get(name)?.shareOfCopy ?? Number.NaN))} %`,
    ]),
  );
}

function finiteSumTable({ rows }) {
  const peers = [...PEERS, "scikit-learn"];
  return table(
    ["an epoch", "type", ...peers.map((peer) => `× ${peer}`), "ns an entry"],
    rows.map(({ name, title, dtype, faster, nanosecondsPerEntry }) => [
      `${name}, ${title}`,
      dtype,
      ...peers.map((peer) => times(faster[peer])),
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
    ["a step of Adam", "parameter set × plain", "typed arrays × plain"],
    rows.map(({ name, faster }) => [name, times(faster["parameter set"]), times(faster["typed arrays"])]),
  );

export function markdownOf({ machine, kernels, finiteSum, subnormal, steps }) {
  const { processor, memory, runtime, date } = machine;
  const tables = [
    kernels.length > 0 && kernelTable(kernels),
    finiteSum.rows.length > 0 && finiteSumTable(finiteSum),
    subnormal.length > 0 && subnormalTable(subnormal),
    steps.length > 0 && stepTable(steps),
  ];
  return [`${processor}, ${memory}; ${runtime}; ${date.slice(0, 10)}`, ...tables.filter(Boolean)].join("\n\n");
}
