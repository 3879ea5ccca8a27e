// Prints the report: for runtimes with a command line, for pages, for browsers' Workers.

import { report } from "./report.js";

report().then((outcome) => console.log(JSON.stringify(outcome)));
