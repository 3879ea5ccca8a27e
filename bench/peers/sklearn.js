import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Child } from "./child.js";

const script = fileURLToPath(new URL("sklearn_sag.py", import.meta.url));

/** Starts scikit-learn on the data set in the folder; undefined where there is none. Debian's Python comes first. */
export function startSklearn(folder, { rows, columns, features }) {
  const layout = features.offsets === undefined ? "dense" : "csr";
  for (const command of ["/usr/bin/python3", "python3"]) {
    try {
      const probe = "import sklearn; from sklearn.linear_model._sag import sag_solver; print(sklearn.__version__)";
      const version = execFileSync(command, ["-c", probe], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
      const child = new Child(command, [script, String(rows), String(columns), layout], folder);
      return { version, ask: (line) => child.ask(line), dispose: () => child.dispose() };
    } catch {
      // No Python there, or no scikit-learn in it.
    }
  }
  return undefined;
}
