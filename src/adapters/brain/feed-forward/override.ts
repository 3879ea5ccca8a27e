/** Puts a method on an object itself, before that of its class or its own. Returns how it ends. */
export function override<Key extends string>(object: { [K in Key]?: unknown }, key: Key, method: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(object, key);
  Object.defineProperty(object, key, { configurable: true, writable: true, value: method });
  return () => {
    if (before === undefined) delete object[key];
    else Object.defineProperty(object, key, before);
  };
}
