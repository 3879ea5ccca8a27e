// Prints the report: for runtimes with a command line, and for pages.

import { run } from "./program.js";

run().then((report) => console.log(JSON.stringify(report)));
