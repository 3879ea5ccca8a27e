import { fitTask } from "./fit-task.js";
import { minimizeTask } from "./minimize-task.js";

/** All that can be done in another thread: functions of data. */
export const tasks = { minimize: minimizeTask, fit: fitTask };

export type TaskName = keyof typeof tasks;
export type TaskInput<Name extends TaskName> = Parameters<(typeof tasks)[Name]>[0];
export type TaskOutput<Name extends TaskName> = Awaited<ReturnType<(typeof tasks)[Name]>>;
