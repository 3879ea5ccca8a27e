// Every option of train, given to brain.js's own network and to an accelerated one: what they return, log and call back is
// the same to five digits, at the same iterations. Time is counted in looks at the clock.

import { NeuralNetwork as Earlier } from "brain.js";
import { afterEach, describe, expect, test, vi } from "vitest";
import { accelerate } from "../../../src/adapters/brain/index.js";
import { seeded } from "../../kernels/numbers.js";
import { network, patterns } from "./networks.js";

type Trained = {
  train(data: object[], options: object): object;
  trainAsync(data: object[], options: object): Promise<object>;
};

const SIZES = { inputSize: 4, hiddenLayers: [5], outputSize: 2 };
const data = patterns(6, 4, 2);

const hosts: Record<string, (options: object) => Trained> = {
  "brain.js 2": (options) => network({ ...SIZES, ...options }) as never,
  "brain.js 1.6": (options) => {
    vi.spyOn(Math, "random").mockImplementation(seeded(1));
    return new Earlier({ hiddenLayers: [5], ...options }) as never;
  },
};

const adam = { praxis: "adam", learningRate: 0.01 };

/** Options, and others that let them act: 2 heeds activation and praxis in the constructor, 1.6 in train. */
const cases: Record<string, [option: object, others?: object]> = {
  iterations: [{ iterations: 7 }],
  errorThresh: [{ errorThresh: 0.21 }],
  "timeout, which ends it": [{ timeout: 12 }],
  "timeout that is not reached": [{ timeout: 1000 }],
  callbackPeriod: [{ callbackPeriod: 3 }],
  logPeriod: [{ logPeriod: 4 }],
  learningRate: [{ learningRate: 0.05 }],
  momentum: [{ momentum: 0.7 }],
  activation: [{ activation: "tanh" }, { learningRate: 0.01 }],
  praxis: [adam],
  beta1: [{ beta1: 0.5 }, adam],
  beta2: [{ beta2: 0.9 }, adam],
  epsilon: [{ epsilon: 1e-2 }, adam],
};

afterEach(() => void vi.restoreAllMocks());

/** What a training shows of itself: calls and the result, with all their numbers. */
async function shown(net: Trained, options: object, asynchronous: boolean): Promise<unknown[]> {
  const seen: unknown[] = [];
  let clock = 0;
  vi.spyOn(Date, "now").mockImplementation(() => clock++);
  vi.spyOn(Math, "random").mockImplementation(seeded(1));
  const all = {
    iterations: 40,
    errorThresh: 1e-9,
    callbackPeriod: 1,
    callback: (status: object) => seen.push(["callback", { ...status }]),
    log: (line: unknown) => seen.push(["log", typeof line === "string" ? line.split(/[ ,:]+/).map(asNumber) : line]),
    ...options,
  };
  try {
    seen.push(["returns", asynchronous ? await net.trainAsync(data, all) : net.train(data, all)]);
  } catch (error) {
    seen.push(["throws", (error as { trainError: Error }).trainError.message]);
  }
  return seen;
}

const asNumber = (word: string) => (Number.isNaN(Number(word)) ? word : Number(word));

/** Equal in all but the sixth digit of numbers. */
function expectSame(actual: unknown, expected: unknown): void {
  if (typeof expected === "number" && !Number.isInteger(expected)) {
    expect(Math.abs((actual as number) / expected - 1)).toBeLessThan(5e-6);
  } else if (typeof expected === "object" && expected !== null) {
    expect(Object.keys(actual as object)).toStrictEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected)) expectSame((actual as Record<string, unknown>)[key], value);
  } else expect(actual).toBe(expected);
}

describe.each(Object.entries(hosts))("%s", (version, make) => {
  test.each(Object.entries(cases))("%s", async (name, [option, others = {}]) => {
    const all = { ...others, ...option };
    const expected = await shown(make(all), all, false);
    expectSame(await shown(accelerate(make(all)), all, false), expected);
    const without = await shown(make(others), others, false);
    if (name.includes("not reached")) expect(expected).toStrictEqual(without);
    else expect(expected).not.toStrictEqual(without);
    expect(expected.length).toBeGreaterThan(3);
  });

  test("trainAsync, with a timeout and without", async () => {
    for (const options of [{ iterations: 9 }, { timeout: 12 }]) {
      const expected = await shown(make({}), options, true);
      expectSame(await shown(accelerate(make({})), options, true), expected);
      // That of 1.6 can't be used with the version of thaw.js that it asks for.
      if (version === "brain.js 1.6")
        expect(expected).toStrictEqual([["throws", "_thaw2.default is not a constructor"]]);
      else expect(expected.length).toBeGreaterThan(9);
    }
  });

  test("log: true writes to the console", () => {
    const log = vi.spyOn(console, "log").mockReturnValue();
    const lines = [make({}), accelerate(make({}))].map((net) => {
      log.mockClear();
      net.train(data, { iterations: 20, errorThresh: 1e-9, log: true, logPeriod: 10 });
      return log.mock.calls.length;
    });
    expect(lines[0]).toBe(2);
    expect(lines[1]).toBe(2);
  });

  test("options out of range are refused as by brain.js", () => {
    const of = (net: Trained) => (option: object) => {
      try {
        net.train(data, option);
      } catch (error) {
        return (error as Error).message;
      }
      return "taken";
    };
    const wrong = [
      { timeout: -1 },
      { iterations: 0 },
      { errorThresh: 1 },
      { learningRate: 3 },
      { beta1: 1.5 },
      { callback: 3 },
    ];
    const expected = wrong.map(of(make({})));
    expect(wrong.map(of(accelerate(make({}))))).toStrictEqual(expected);
    expect(expected[0]).toContain("timeout");
  });
});
