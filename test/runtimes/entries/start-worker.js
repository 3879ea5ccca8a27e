new Worker(new URL("./script.js", import.meta.url), { type: "module" });
