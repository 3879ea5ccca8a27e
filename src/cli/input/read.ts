import { extname } from "node:path";
import { flagOf, UsageError } from "../errors.js";
import { readCsv } from "./csv.js";
import type { DataSet, Expectation } from "./data-set.js";
import { readLibsvm } from "./libsvm.js";
import { readNpy } from "./npy.js";
import { open, type Reading } from "./source.js";

export const formats = ["libsvm", "csv", "npy"] as const;
export type Format = (typeof formats)[number];

/** How data is to be read, as the command line has it. */
export interface ReadOptions {
  readonly format?: Format;
  readonly float32?: boolean;
  readonly zeroBased?: boolean;
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly labelColumn?: string;
  /** The file with the labels of a .npy; false where the data has no labels. */
  readonly labels?: string | boolean;
}

/** What the command itself knows of the data. */
export type Known = Partial<Pick<Expectation, "labelsFlag" | "labelsOptional" | "columns" | "names" | "labelName">>;

const EXTENSIONS: Readonly<Record<string, Format>> = { ".csv": "csv", ".tsv": "csv", ".npy": "npy" };

/** Flags that mean something in one format only. */
const ONLY_IN = { zeroBased: "libsvm", labelColumn: "csv", delimiter: "csv", header: "csv" } as const;

/** Reads a file, or standard input for "-", in the format that is named or that its extension tells. */
export async function readData(
  path: string,
  options: ReadOptions,
  known: Known = {},
  reading: Reading = () => {},
): Promise<DataSet> {
  const extension = extname(path.toLowerCase().replace(/\.gz$/, ""));
  const format = options.format ?? EXTENSIONS[extension] ?? "libsvm";
  const { header, labelColumn, delimiter = extension === ".tsv" ? "\t" : undefined } = options;
  // Data to test on may be in another format than what the flags are for.
  if (known.labelsFlag === undefined) checkFlags(path, options, format);
  const expectation = {
    dtype: options.float32 ? "float32" : "float64",
    labelled: options.labels !== false,
    labelsFlag: "--labels",
    labelsOptional: false,
    ...known,
  } as const;
  if (format === "npy") {
    if (path === "-") throw new UsageError("an array of NumPy can't come from standard input");
    const labels = typeof options.labels === "string" ? options.labels : undefined;
    return readNpy(path, { ...expectation, labels }, reading);
  }
  if (typeof options.labels === "string") throw new UsageError(`${expectation.labelsFlag} FILE is for .npy data only`);
  const source = await open(path, reading);
  if (format === "libsvm") return readLibsvm(source, { ...expectation, zeroBased: options.zeroBased ?? false });
  return readCsv(source, {
    ...expectation,
    ...(labelColumn !== undefined && { labelColumn }),
    ...(header !== undefined && { header }),
    ...(delimiter !== undefined && { delimiter }),
  });
}

function checkFlags(path: string, options: ReadOptions, format: Format): void {
  for (const [name, only] of Object.entries(ONLY_IN)) {
    const given = options[name as keyof typeof ONLY_IN];
    if (given === undefined || format === only) continue;
    const flag = flagOf(given === false ? `no-${name}` : name);
    throw new UsageError(`${flag} is for ${only}, and ${path} is read as ${format}, unless --format says another`);
  }
}
