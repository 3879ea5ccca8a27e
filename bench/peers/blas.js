import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Child } from "./child.js";

const script = fileURLToPath(new URL("blas.py", import.meta.url));

const probes = {
  numpy: "import numpy; print('NumPy', numpy.__version__)",
  torch: "import torch; print('PyTorch', torch.__version__)",
};

/** Starts NumPy and PyTorch, where there are such. Debian's Python comes first. */
export function startBlasPeers(folder) {
  return Object.entries(probes).flatMap(([library, probe]) => {
    for (const command of ["/usr/bin/python3", "python3"]) {
      try {
        const version = execFileSync(command, ["-c", probe], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
        const child = new Child(command, [script, library], folder);
        return [
          { name: library, version: version.trim(), ask: (line) => child.ask(line), dispose: () => child.dispose() },
        ];
      } catch {
        // No Python there, or no such library in it.
      }
    }
    return [];
  });
}
