/** A learning rate of the step. Steps count from 0: the first update takes `schedule(0)`. */
export type Schedule = (step: number) => number;
