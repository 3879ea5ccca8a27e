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
}

/** The peers in a process of their own; `ask` gives the answer to a question of ./peers.py. */
export function startPeers(folder, clock) {
  const child = spawn("/usr/bin/python3", [script, clock], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
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
