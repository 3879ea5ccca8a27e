import { foldPath } from "../estimators/fold-path.js";
import { fitTask } from "./fit-task.js";
import { hogwildTask } from "./hogwild-task.js";
import { minimizeTask } from "./minimize-task.js";
import { pathTask } from "./path-task.js";
import { rootTask } from "./root-task.js";

/** All that can be done in another thread: functions of data. */
export const tasks = {
  minimize: minimizeTask,
  path: pathTask,
  fit: fitTask,
  foldPath,
  hogwild: hogwildTask,
  root: rootTask,
};

export type TaskName = keyof typeof tasks;
export type TaskInput<Name extends TaskName> = Parameters<(typeof tasks)[Name]>[0];
export type TaskOutput<Name extends TaskName> = Awaited<ReturnType<(typeof tasks)[Name]>>;
