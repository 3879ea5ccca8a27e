// What a step on dense rows does to the weights after it has moved them. `prox` is 0 where that is nothing, or the address of
//
//   byte  0  thresholds        u32   what the weights are shrunk by: step l1
//         4  lower             u32   their bounds
//         8  upper             u32
//        12  thresholdStride   u32   bytes from the numbers of a line of columns to those of the next: 64, or 0 where one line
//        16  boundStride       u32   stands for all columns
//
// with T[columns], padded as the rows are, or T[64 / sizeof T] at each of the first three.

// @ts-ignore: decorator
@inline const THRESHOLDS: usize = 0;
// @ts-ignore: decorator
@inline const LOWER: usize = 4;
// @ts-ignore: decorator
@inline const UPPER: usize = 8;
// @ts-ignore: decorator
@inline const THRESHOLD_STRIDE: usize = 12;
// @ts-ignore: decorator
@inline const BOUND_STRIDE: usize = 16;

/** Code that is inlined through a type parameter: a class without fields or instances. */
export interface Prox {
  thresholds(prox: usize): usize;
  lower(prox: usize): usize;
  upper(prox: usize): usize;
  thresholdStride(prox: usize): usize;
  boundStride(prox: usize): usize;
  apply(w: v128, threshold: usize, lower: usize, upper: usize): v128;
}

export class None<T> implements Prox {
  // @ts-ignore: decorator
  @inline thresholds(prox: usize): usize {
    return 0;
  }
  // @ts-ignore: decorator
  @inline lower(prox: usize): usize {
    return 0;
  }
  // @ts-ignore: decorator
  @inline upper(prox: usize): usize {
    return 0;
  }
  // @ts-ignore: decorator
  @inline thresholdStride(prox: usize): usize {
    return 0;
  }
  // @ts-ignore: decorator
  @inline boundStride(prox: usize): usize {
    return 0;
  }
  // @ts-ignore: decorator
  @inline apply(w: v128, threshold: usize, lower: usize, upper: usize): v128 {
    return w;
  }
}

/** w less what lies of it within the threshold, then moved inside the bounds. */
export class Shrink<T> implements Prox {
  // @ts-ignore: decorator
  @inline thresholds(prox: usize): usize {
    return load<u32>(prox, THRESHOLDS);
  }
  // @ts-ignore: decorator
  @inline lower(prox: usize): usize {
    return load<u32>(prox, LOWER);
  }
  // @ts-ignore: decorator
  @inline upper(prox: usize): usize {
    return load<u32>(prox, UPPER);
  }
  // @ts-ignore: decorator
  @inline thresholdStride(prox: usize): usize {
    return load<u32>(prox, THRESHOLD_STRIDE);
  }
  // @ts-ignore: decorator
  @inline boundStride(prox: usize): usize {
    return load<u32>(prox, BOUND_STRIDE);
  }
  // @ts-ignore: decorator
  @inline apply(w: v128, threshold: usize, lower: usize, upper: usize): v128 {
    const by = v128.load(threshold);
    // @ts-ignore: T is f32 or f64, which TypeScript can't be told
    const within = v128.pmax<T>(v128.pmin<T>(w, by), v128.neg<T>(by));
    const shrunk = v128.sub<T>(w, within);
    // @ts-ignore: as above
    return v128.pmax<T>(v128.pmin<T>(shrunk, v128.load(upper)), v128.load(lower));
  }
}
