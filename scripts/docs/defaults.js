/**
 * What stands behind a `name` in a sentence like "`name` 0.01 (keras: 1e-3), `other` 1".
 * @param {string} name
 * @param {string} sentence
 * @returns {string | undefined}
 */
export const mentioned = (name, sentence) =>
  new RegExp(`\`${name}\` ((?:[^,;()[]|\\[[^\\]()]*\\]|\\([^)]*\\))+)`).exec(sentence)?.[1]?.trim().replace(/\.$/, "");
