// Images as the pixels that are not 0, a fifth of all: what the first layer of a network multiplies.

/**
 * @typedef {object} Ink
 * @property {number} rows how many images
 * @property {number} columns how many pixels an image has
 * @property {Uint32Array} starts where the pixels of an image begin, and at the end where the last one's end
 * @property {Uint16Array} places which pixels they are
 * @property {Float32Array} levels how bright
 * @property {Uint8Array} labels 0 to 9
 */

/**
 * @param {import("./data.js").Digits} digits
 * @param {number} first the first image to take
 * @param {number} end the one after the last
 * @returns {Ink}
 */
export function inkOf({ pixels, labels, columns }, first, end) {
  const starts = new Uint32Array(end - first + 1);
  for (let row = first; row < end; row++) {
    let count = 0;
    for (let k = row * columns; k < (row + 1) * columns; k++) if (pixels[k] !== 0) count++;
    starts[row - first + 1] = starts[row - first] + count;
  }
  const places = new Uint16Array(starts[end - first]);
  const levels = new Float32Array(places.length);
  for (let k = first * columns, next = 0; k < end * columns; k++) {
    if (pixels[k] === 0) continue;
    places[next] = k % columns;
    levels[next++] = pixels[k];
  }
  return { rows: end - first, columns, starts, places, levels, labels: labels.subarray(first, end) };
}
