import cliProgress from "cli-progress";

/** Milliseconds between two lines where there is no terminal. */
const PAUSE = 2000;

/**
 * @typedef {object} Progress
 * @property {(done: number, note: string) => void} update
 * @property {() => void} stop
 */

/**
 * Runs something under a progress bar.
 * @template T
 * @param {string} label
 * @param {number} total
 * @param {string} unit
 * @param {(update: Progress["update"]) => Promise<T>} run
 */
export async function withProgress(label, total, unit, run) {
  const progress = showProgress(label, total, unit);
  try {
    return await run(progress.update);
  } finally {
    progress.stop();
  }
}

/**
 * Shows on standard error how far a run is: a bar in a terminal, else a line now and then.
 * @param {string} label
 * @param {number} total
 * @param {string} unit
 * @returns {Progress}
 */
function showProgress(label, total, unit) {
  return process.stderr.isTTY ? bar(label, total, unit) : lines(label, total, unit);
}

/** @type {typeof showProgress} */
function bar(label, total, unit) {
  const shown = new cliProgress.SingleBar({
    format: `${label.padEnd(23)} {bar} {value}/{total} ${unit}  {note}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
  });
  shown.start(total, 0, { note: "" });
  return {
    update: (done, note) => shown.update(done, { note }),
    stop: () => shown.stop(),
  };
}

/** @type {typeof showProgress} */
function lines(label, total, unit) {
  let next = performance.now() + PAUSE;
  return {
    update: (done, note) => {
      if (done < total && performance.now() < next) return;
      next = performance.now() + PAUSE;
      console.error(`${label}: ${done}/${total} ${unit}, ${note}`);
    },
    stop: () => {},
  };
}
