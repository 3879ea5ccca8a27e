/** Elements side by side in the slabs. */
export interface Run {
  readonly offset: number;
  readonly length: number;
}
