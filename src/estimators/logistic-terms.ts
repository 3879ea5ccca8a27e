import type { ClassifierOptions } from "./classifier.js";
import { choiceOption, numberOption, ratio } from "./options.js";
import { l1RatioOf, PENALTIES, type PenaltyName } from "./penalties.js";
import { elasticNet, type Terms } from "./terms.js";

/** Options of logistic regression, whichever way its penalty is come by. */
export interface LogisticOptions extends ClassifierOptions {
  /** Default `"l2"`. `"elasticNet"` mixes both by `l1Ratio`. */
  readonly penalty?: PenaltyName;
  /** In [0, 1], for `"elasticNet"`. Default 0.5. */
  readonly l1Ratio?: number;
  /** What more than two classes are: one softmax, or one problem each against all others. Default `"multinomial"`. */
  readonly multiClass?: "multinomial" | "oneVsRest";
}

export const LOGISTIC_OPTIONS = ["penalty", "l1Ratio", "multiClass", "classWeights"];

/** The terms of F for so many rows and classes and an inverse regularization. */
export function logisticTerms(
  where: string,
  options: LogisticOptions,
): (total: number, classes: number, c: number) => Terms {
  const penalty = choiceOption(where, "penalty", options.penalty, PENALTIES, "l2");
  const l1Ratio = l1RatioOf(penalty, numberOption(where, options, "l1Ratio", ratio, 0.5));
  const multiClass = choiceOption(where, "multiClass", options.multiClass, ["multinomial", "oneVsRest"], "multinomial");
  return (total, classes, c) => ({
    loss: classes > 2 && multiClass === "multinomial" ? "softmax" : "logistic",
    ...elasticNet(penalty === "none" ? 0 : 1 / (c * total), l1Ratio),
  });
}
