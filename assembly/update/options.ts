// What a step does besides its rule, in memory for the kernels of this folder to read. Written by the caller; numbers in
// f64 whatever the parameters are.
//
//   byte  0  gradientScale   f64   factor on the gradient: clipping, unscaling, -1 to maximise
//         8  clipValue       f64   scaled gradients are held between this and its negative; Infinity: they are not
//        16  l2              f64   coefficient of the parameters added to that gradient
//        24  shrink          f64   share of the parameters that the step takes away: learningRate * weightDecay where the
//                                  decay is decoupled, else 0. Subtracted together with the step: 1 - shrink would round
//                                  to the few values just below 1, in f32 with a spacing of 6e-8, and shrink is often
//                                  that small
//        32  averageWeight   f64   w in  average <- (1 - w) average + w parameter,  of the parameters after the step
//        40  averages        u32   address of those averages, T[n]; 0: none are kept
//        44  clear           i32   1 to set the gradients to 0 behind the step, else 0
//        48  table           u32   address of one record for each tensor, in their order; 0: all elements alike
//        56  box             f64   parameters are held between this and its negative after the step; Infinity: they are not
//
// The record of a tensor:
//
//   byte  0  length          i32   elements, with the padding up to the next tensor; together n
//         8  gradientScale   f64   factors on the four above and on the step
//        16  l2              f64
//        24  shrink          f64
//        32  rate            f64   0: neither the tensor nor its state changes; its gradients are cleared if any are
//        40  ...                   for the rules that treat a tensor as a matrix: ./matrix.ts

// @ts-ignore: decorator
@inline export const GRADIENT_SCALE: usize = 0;
// @ts-ignore: decorator
@inline export const CLIP_VALUE: usize = 8;
// @ts-ignore: decorator
@inline export const L2: usize = 16;
// @ts-ignore: decorator
@inline export const SHRINK: usize = 24;
// @ts-ignore: decorator
@inline export const AVERAGE_WEIGHT: usize = 32;
// @ts-ignore: decorator
@inline export const AVERAGES: usize = 40;
// @ts-ignore: decorator
@inline export const CLEAR: usize = 44;
// @ts-ignore: decorator
@inline export const TABLE: usize = 48;
// @ts-ignore: decorator
@inline export const BOX: usize = 56;

// @ts-ignore: decorator
@inline export const TENSOR_LENGTH: usize = 0;
// @ts-ignore: decorator
@inline export const TENSOR_GRADIENT_SCALE: usize = 8;
// @ts-ignore: decorator
@inline export const TENSOR_L2: usize = 16;
// @ts-ignore: decorator
@inline export const TENSOR_SHRINK: usize = 24;
// @ts-ignore: decorator
@inline export const TENSOR_RATE: usize = 32;
// @ts-ignore: decorator
@inline export const TENSOR_BYTES: usize = 64;

// @ts-ignore: decorator
@inline
export function real(record: usize, byte: usize): f64 {
  return load<f64>(record + byte);
}

// @ts-ignore: decorator
@inline
export function integer(record: usize, byte: usize): i32 {
  return load<i32>(record + byte);
}

// @ts-ignore: decorator
@inline
export function address(record: usize, byte: usize): usize {
  return load<usize>(record + byte);
}
