import { basename } from "node:path";
import cliProgress from "cli-progress";
import type { Place } from "../../estimators/training.js";
import type { PassReport } from "../../finite-sum/index.js";

export interface Progress {
  update(done: number, note?: string): void;
  stop(): void;
}

const silent: Progress = { update: () => {}, stop: () => {} };

/** A bar on standard error, where that is a terminal that can draw one; else nothing. */
export function showProgress(label: string, total: number): Progress {
  if (!process.stderr.isTTY || process.env.TERM === "dumb" || total === 0) return silent;
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    format: `${label} {percentage} % {bar}  {note}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0, { note: "" });
  return {
    update: (done, note = "") => bar.update(Math.min(done, total), { note }),
    stop: () => bar.stop(),
  };
}

/** A bar that begins with the first report, once it is known how much there is. */
export function showReading(name: string): { show(done: number, size: number | undefined): void; stop(): void } {
  let progress: Progress | undefined;
  return {
    show(done, size) {
      progress ??= showProgress(`reading ${basename(name)}`, size ?? 0);
      progress.update(done);
    },
    stop: () => progress?.stop(),
  };
}

/** A bar over the passes of a fit. */
export function showPasses(passes: number): { onPass(report: PassReport, place: Place): void; stop(): void } {
  let progress: Progress | undefined;
  return {
    onPass({ passes: done }, { output, outputs }) {
      progress ??= showProgress("solving", passes * outputs);
      progress.update(output * passes + done, outputs > 1 ? `${output + 1} of ${outputs}` : "");
    },
    stop: () => progress?.stop(),
  };
}
