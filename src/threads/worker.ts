// The file that a worker runs: solves what it is sent, one problem after another.

import { minimizeSync, type Problem } from "../finite-sum/index.js";
import { type Engine, load } from "../memory/engine.js";
import { answerEach } from "./channel.js";
import { type Answer, featuresOf, type Job } from "./message.js";

const known = new Map<number, Problem["features"]>();
const engines = new Map<string, Promise<Engine>>();

async function answer({ features: { key, sent }, problem, options, variant, forget }: Job): Promise<Answer> {
  for (const old of forget) known.delete(old);
  try {
    if (sent !== undefined) known.set(key, featuresOf(sent));
    if (!engines.has(variant)) engines.set(variant, load({ variant }));
    const engine = await engines.get(variant)!;
    return { result: minimizeSync({ ...problem, features: known.get(key)! }, { ...options, engine }) };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: { name, message } };
  }
}

answerEach((job) => answer(job as Job));
