import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("peers.py", import.meta.url));

export const PEERS = [
  "sag",
  "saga",
  "lbfgs",
  "newton-cg",
  "liblinear",
  "liblinear-train primal",
  "liblinear-train dual",
];

/** Leaves a set in the folder as the peers read it. */
export function writeSet(folder, { rows, columns, features, labels }, best) {
  const put = (name, array) => writeFileSync(join(folder, name), array);
  const sparse = features.offsets !== undefined;
  put("meta.json", JSON.stringify({ rows, columns, best, sparse }));
  put("labels.f64", labels);
  if (sparse) {
    put("values.f64", features.values);
    put("indices.i32", features.indices);
    put("offsets.i32", features.offsets);
  } else {
    put("features.f64", features);
  }
  writeLibsvm(join(folder, "rows.svm"), { rows, columns, features, labels });
}

function writeLibsvm(file, { rows, columns, features, labels }) {
  writeFileSync(file, "");
  const { indices, offsets } = features;
  const values = offsets ? features.values : features;
  for (let first = 0; first < rows; first += 1000) {
    let text = "";
    for (let i = first; i < Math.min(first + 1000, rows); i++) {
      text += labels[i];
      const [start, end] = offsets ? [offsets[i], offsets[i + 1]] : [i * columns, (i + 1) * columns];
      for (let k = start; k < end; k++) text += ` ${(indices ? indices[k] : k - start) + 1}:${values[k]}`;
      text += "\n";
    }
    writeFileSync(file, text, { flag: "a" });
  }
}

/** The peers in a process of their own; `ask` gives the answer to a question of ./peers.py. */
export function startPeers(folder) {
  const child = spawn("/usr/bin/python3", [script], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (question) => {
      child.stdin.write(`${question}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`no answer to "${question}"`);
      return JSON.parse(value);
    },
    dispose: () => child.stdin.end(),
  };
}
