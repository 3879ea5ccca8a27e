// schuss/threads: finite-sum problems side by side in workers.

export { type ThreadOptions, type Threads, threads } from "./pool.js";
