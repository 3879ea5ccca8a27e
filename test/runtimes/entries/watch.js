// Counts, from here on, what might be work: every use of WebAssembly, and decoding the binaries.

let count = 0;

/** How often anything watched has been called or constructed so far. */
export const uses = () => count;

function watch(holder, name) {
  holder[name] = new Proxy(holder[name], {
    apply(...operands) {
      count++;
      return Reflect.apply(...operands);
    },
    construct(...operands) {
      count++;
      return Reflect.construct(...operands);
    },
  });
}

for (const name of Object.getOwnPropertyNames(WebAssembly)) {
  if (typeof WebAssembly[name] === "function") watch(WebAssembly, name);
}
watch(Number, "parseInt");
