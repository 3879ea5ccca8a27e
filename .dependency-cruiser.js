// The arrows of the house run one way:
//   cli, adapters -> threads -> estimators -> optimizers, matrix, finite-sum -> memory -> engine -> reference (or a binary)
// and `check` and `schedules` are leaves that anyone may use. The rules of `matrix` are made of what `optimizers` has; linear
// algebra, in matrix/linalg, knows of no optimizer.

const layers = [
  "reference",
  "engine",
  "memory",
  "(optimizers|matrix|finite-sum)",
  "estimators",
  "threads",
  "(adapters|cli)",
];

/** No module of a layer may reach into a layer above it. */
const upward = layers.slice(0, -1).map((layer, level) => ({
  name: `${layer} must not know what is built on it`,
  severity: "error",
  from: { path: `^src/${layer}/` },
  to: { path: layers.slice(level + 1).map((above) => `^src/${above}/`) },
}));

export default {
  forbidden: [
    ...upward,
    { name: "no cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "reference imports nothing",
      severity: "error",
      from: { path: "^src/reference/" },
      to: { pathNot: "^src/reference/" },
    },
    {
      name: "only the engine knows the reference",
      severity: "error",
      from: { path: "^src/(?!engine/|reference/)" },
      to: { path: "^src/reference/" },
    },
    {
      name: "optimizers, linear algebra and finite-sum are strangers",
      severity: "error",
      from: { path: "^src/(optimizers|matrix/linalg|finite-sum)/" },
      to: { path: "^src/(optimizers|matrix|finite-sum)/", pathNot: "^src/$1/" },
    },
    {
      name: "matrix knows optimizers, and not finite-sum",
      severity: "error",
      from: { path: "^src/matrix/" },
      to: { path: "^src/finite-sum/" },
    },
    {
      name: "optimizers bring the binaries of the update families, and core",
      severity: "error",
      from: { path: "^src/optimizers/" },
      to: {
        path: "^src/engine/(families/|kernels)",
        pathNot: "^src/engine/families/(family|core|update|update-more|update-compressed|update-tensors)\\.ts$",
      },
    },
    {
      name: "nobody brings the binaries of a family but core and their own",
      severity: "error",
      from: { path: "^src/(engine|memory|finite-sum)/", pathNot: "^src/engine/kernels\\.ts$" },
      to: { path: "^src/engine/(families/|kernels)", pathNot: "^src/engine/families/(family|core|$1)\\.ts$" },
    },
    {
      name: "linear algebra brings the binaries of matrix",
      severity: "error",
      from: { path: "^src/matrix/linalg/" },
      to: { path: "^src/engine/(families/|kernels)", pathNot: "^src/engine/families/(family|core|matrix)\\.ts$" },
    },
    {
      name: "rules of matrices bring the binaries of matrix and of the commonest rules",
      severity: "error",
      from: { path: "^src/matrix/", pathNot: "^src/matrix/linalg/" },
      to: {
        path: "^src/engine/(families/|kernels)",
        pathNot: "^src/engine/families/(family|core|matrix|update)\\.ts$",
      },
    },
    {
      name: "leaves import no layer",
      severity: "error",
      from: { path: "^src/(check|nearest|inspect)\\." },
      to: { path: "^src/", pathNot: "^src/nearest\\." },
    },
    {
      name: "the core has no dependencies",
      severity: "error",
      from: { path: "^src/(?!cli/|adapters/)" },
      to: { dependencyTypes: ["npm", "npm-dev", "npm-peer", "core"] },
    },
    {
      name: "adapters are handed their host, and know its types alone",
      severity: "error",
      from: { path: "^src/adapters/" },
      to: { dependencyTypes: ["npm", "npm-dev", "npm-peer", "core"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "only the command borrows from the benchmarks",
      severity: "error",
      from: { path: "^src/(?!cli/)" },
      to: { path: "^bench/" },
    },
    { name: "everything resolves", severity: "error", from: { path: "^src/" }, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default"] },
    exclude: { path: ["^build/"] },
  },
};
