// `npm run features`: writes FEATURES.md anew, after a build.

import { writeFileSync } from "node:fs";
import { render } from "./features/render.js";

writeFileSync("FEATURES.md", render(await import("../build/index.js")));
