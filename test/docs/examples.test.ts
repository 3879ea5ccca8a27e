// Every @example of the public surface runs as it stands there, against the package as built, and gives what its comments
// say: "w is now [0.9, 2.1]", "q is [1, 0]", or a value alone behind an expression or a declaration.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { docstringsUnder, examplesOf } from "./docstrings.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { name: own, exports } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

/** What can be imported, the package itself first; test/adapters has those whose hosts are heavy. */
const entries = Object.keys(exports)
  .filter((entry) => !/\.(wasm|json)$|\/(worker|jax|ml)$/.test(entry))
  .map((entry) => entry.replace(".", own));

/** Libraries that examples of adapters use by their name. */
const hosts = { brain: "brain-next", convnetjs: "convnetjs", tf: "@tensorflow/tfjs-core" };

const node = (program: string): unknown =>
  JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 2 ** 24,
    })
      .trimEnd()
      .split("\n")
      .at(-1)!,
  );

const imports = entries.map((entry, k) => `import * as entry${k} from "${entry}";`).join("\n");
const surface = `const surface = Object.assign({}, ${entries.map((_, k) => `entry${k}`).join(", ")});`;

/** The functions and classes that a user can import; those of `schedules` too. */
const exported = node(`${imports}\n${surface}
  const callable = (record) => Object.entries(record).filter(([, value]) => typeof value === "function").map(([name]) => name);
  console.log(JSON.stringify([...callable(surface), ...callable(surface.schedules)]));`) as string[];

const docstrings = docstringsUnder("src/").filter(
  ({ path }) => !/^src\/(cli|reference|adapters\/(jax|ml))\//.test(path),
);

const claim = /([A-Za-z][\w.]*) is(?: now)? (\[[-\d., e]*\]|-?[\d.]+(?:e-?\d+)?)/g;
const bare = /^(?:near )?(\[[^\]]*\]|-?[\d.]+(?:e-?\d+)?)(?![\w.])/;

/** The example with calls of `check` behind the lines whose comments claim something. */
function instrument(example: string): { code: string; claims: number } {
  let claims = 0;
  let declared: string | undefined;
  const lines = example.split("\n").map((line) => {
    const [, before, comment] = /^(.*?)\s*\/\/ (.*)$/.exec(line) ?? [null, line, ""];
    const code = before!.trim();
    const name = /^const (\w+) = /.exec(code)?.[1];
    const expression = /^[\w.]+(?:\(.*\))+;?$|^model\.\w+\[\d+\];$/.exec(code)?.[0].replace(/;$/, "");
    const named = [...comment!.matchAll(claim)].map(([, what, value]) => `check(${what}, ${value});`);
    const value = bare.exec(comment!)?.[1]?.replace(/\.$/, "");
    const subject = code === "" ? declared : (name ?? expression);
    declared = name ?? (code === "" ? undefined : declared);
    if (named.length === 0 && value !== undefined && subject !== undefined) {
      claims++;
      return code === subject || `${subject};` === code
        ? `check(${subject}, ${value});`
        : `${code} check(${subject}, ${value});`;
    }
    claims += named.length;
    return `${code} ${named.join(" ")}`;
  });
  return { code: lines.join("\n"), claims };
}

interface Outcome {
  readonly error?: string;
  readonly checks: readonly { readonly got: unknown; readonly said: unknown }[];
}

const cases = docstrings.flatMap((docstring) =>
  examplesOf(docstring).map((example) => ({ name: docstring.name, example, ...instrument(example) })),
);

const outcomes = node(`${imports}\n${surface}
  const plain = (value) => ArrayBuffer.isView(value) ? [...value] : value;
  const log = console.log;
  for (const [name, host] of Object.entries(${JSON.stringify(hosts)})) {
    const module = await import(host);
    surface[name] = module.default ?? module;
  }
  await import("@tensorflow/tfjs-backend-cpu");
  console.log = () => {};
  const outcomes = [];
  for (const code of ${JSON.stringify(cases.map(({ code }) => code))}) {
    const checks = [];
    const scope = { ...surface.schedules, ...surface, check: (got, said) => checks.push({ got: plain(got), said }) };
    const names = Object.keys(scope);
    try {
      const body = "return async (" + names.join(", ") + ") => { {" + code + "\\n} }";
      await new Function(body)()(...names.map((name) => scope[name]));
      outcomes.push({ checks });
    } catch (error) {
      outcomes.push({ error: String(error), checks });
    }
  }
  log(JSON.stringify(outcomes));`) as readonly Outcome[];

test.each(exported)("%s has an example", (name) => {
  expect(cases.map((example) => example.name)).toContain(name);
});

describe.each(cases.map((entry, k) => ({ ...entry, outcome: outcomes[k]! })))(
  "$name",
  ({ example, outcome, claims }) => {
    test("its example runs", () => {
      expect(outcome.error, example).toBeUndefined();
    });

    test.runIf(claims > 0)("gives what its comments say", () => {
      expect(outcome.checks, example).toHaveLength(claims);
      for (const { got, said } of outcome.checks) {
        const [numbers, expected] = [[got].flat(), [said].flat()];
        expect(numbers, example).toHaveLength(expected.length);
        numbers.forEach((value, k) => {
          if (typeof value === "number")
            expect(value, example).toBeCloseTo(expected[k] as number, example.includes("near ") ? 0 : 4);
          else expect(value, example).toBe(expected[k]);
        });
      }
    });
  },
);

test("most examples claim something", () => {
  expect(cases.filter(({ claims }) => claims > 0).length / cases.length).toBeGreaterThan(0.6);
});
