// What torch.optim (2.x), optax (0.2.8) and TensorFlow.js (4.22) have of what is here, by their names for it; what is not in a
// record they have not. From their documentation and sources; a test asks TensorFlow.js itself for its list.

/** Update rules. */
export const rules = {
  sgd: { torch: "`SGD`", optax: "`sgd`, without dampening", tfjs: "`sgd`, `momentum`" },
  emaMomentum: { optax: "`ema`, to be chained" },
  windowedMomentum: {},
  normalizedSgd: { optax: "by chaining" },
  signSgd: { optax: "`sign_sgd`" },
  signum: { optax: "`signum`" },
  frequencyAwareSgd: {},
  nesterovLookahead: {},
  acceleratedGradient: {},
  linearCoupling: {},
  adagrad: { torch: "`Adagrad`", optax: "`adagrad`", tfjs: "`adagrad`" },
  adagradNorm: {},
  adagradNormEma: {},
  adagradNormSafeguarded: {},
  rmsprop: { torch: "`RMSprop`", optax: "`rmsprop`", tfjs: "`rmsprop`" },
  adadelta: { torch: "`Adadelta`", optax: "`adadelta`", tfjs: "`adadelta`" },
  adam: { torch: "`Adam`", optax: "`adam`", tfjs: "`adam`, without decay or AMSGrad" },
  adamw: { torch: "`AdamW`", optax: "`adamw`" },
  amsgrad: { torch: "an option, by the raw moments: `adam` here", optax: "`amsgrad`" },
  adamax: { torch: "`Adamax`", optax: "`adamax`, `adamaxw`", tfjs: "`adamax`" },
  nadam: { torch: "`NAdam`", optax: "`nadam`, `nadamw`" },
  radam: { torch: "`RAdam`", optax: "`radam`" },
  adabelief: { optax: "`adabelief`" },
  yogi: { optax: "`yogi`" },
  lion: { optax: "`lion`" },
  dampedAdam: {},
  adafactor: { torch: "`Adafactor`", optax: "`adafactor`" },
  sm3: { optax: "`sm3`" },
  rprop: { torch: "`Rprop`", optax: "`rprop`" },
  lars: { optax: "`lars`" },
  lamb: { optax: "`lamb`" },
  novograd: { optax: "`novograd`" },
  asgd: { torch: "`ASGD`" },
  scheduleFreeSgd: { optax: "`contrib.schedule_free_sgd`" },
  scheduleFreeAdamw: { optax: "`contrib.schedule_free_adamw`" },
  prodigy: { optax: "`contrib.prodigy`" },
  storm: {},
  extragradient: {},
  optimisticGradient: { optax: "`optimistic_gradient_descent`" },
  lbfgs: { torch: "`LBFGS`, without curvature from samples", optax: "`lbfgs`" },
  muon: { torch: "`Muon`", optax: "`contrib.muon`" },
  shampoo: {},
  soap: {},
};

/** Update rules of theirs that are not here, or here by another way. */
export const missingRules = [
  ["torch", "`SparseAdam`", "`sparseRows` from `schuss/arrays`, for any rule that goes element by element"],
  ["optax", "`adan`, `fromage`, `noisy_sgd`, `polyak_sgd`, `optimistic_adam`", "none"],
  [
    "optax",
    "`contrib`: `acprop`, `ademamix`, `adopt`, `cocob`, `dadapt_adamw`, `dog`, `dowg`, `galore`, `madgrad`, `mechanize`, `momo`, `sophia`",
    "none",
  ],
];

/** The options that every rule has here. */
export const options = {
  learningRate: {
    what: "a number, or a schedule",
    torch: "a number; schedulers beside the optimizer",
    optax: "a number, or a schedule",
    tfjs: "a number; to be changed in `sgd` and `momentum` alone",
  },
  weightDecay: {
    what: "l2 in the gradient, or a schedule of it",
    torch: "a number",
    optax: "`add_decayed_weights`, a number or a schedule",
  },
  decoupledWeightDecay: {
    what: "decay beside the step, times the rate",
    torch: "`AdamW`, `Adam` and a few more",
    optax: "in `adamw` and its kin, or by chaining",
  },
  independentWeightDecay: { what: "decay beside the step, whatever the rate", optax: "by chaining" },
  learningRateMultiplier: {
    what: "factors by name, 0 to freeze",
    torch: "parameter groups",
    optax: "`partition`, `freeze`",
    tfjs: "`varList`, to leave some out",
  },
  weightDecayMultiplier: { what: "factors of the decay by name", torch: "parameter groups", optax: "masks" },
  maximize: { what: "ascent", torch: "`maximize`", optax: "by a factor of -1" },
  clipValue: { what: "every gradient", torch: "`clip_grad_value_`", optax: "`clip`" },
  clipTensorNorm: {
    what: "the norm of a tensor",
    torch: "`clip_grad_norm_` of each",
    optax: "`clip_by_block_rms`, by the mean square",
  },
  clipNorm: { what: "the norm over all tensors", torch: "`clip_grad_norm_`", optax: "`clip_by_global_norm`" },
  adaptiveClip: { what: "by the norm of the parameters", optax: "`adaptive_grad_clip`" },
  lossScale: { what: "fixed or adaptive", torch: "`GradScaler`", optax: "with jmp, another package" },
  accumulate: {
    what: "one update for k gradients",
    torch: "in the training loop",
    optax: "`MultiSteps`, k fixed or a schedule",
  },
  clearGradients: {
    what: "in the pass of the step",
    torch: "`zero_grad`, by itself",
    optax: "no gradients are kept",
    tfjs: "no gradients are kept",
  },
  nonFinite: { what: "propagate, skip or throw", torch: "`GradScaler` skips", optax: "`apply_if_finite`, `zero_nans`" },
  average: {
    what: "of the parameters: uniform, by steps, suffix, exponential, the last k, LAWA",
    torch: "`AveragedModel`: uniform, exponential or a function",
    optax: "`ema` of updates or parameters",
  },
  projection: { what: "box or ball", optax: "`projections`: box, ball, simplex and more" },
  lookahead: { what: "a way back every k steps", optax: "`lookahead`" },
  sharpness: { what: "SAM", optax: "`contrib.sam`" },
  stateStorage: {
    what: "16 or 8 bits of state for Adam, AdamW, Lion and momentum",
    torch: "not by itself: torchao, bitsandbytes",
    optax: "`mu_dtype`, for first moments",
  },
  convention: { what: "whose defaults and formulas" },
};

/** The rest: what an optimizer is beside its rule. */
export const rest = [
  ["element types", "float32, float64", "those and float16, bfloat16, complex", "those of JAX", "float32"],
  [
    "where it runs",
    "CPU, one thread, wherever JavaScript runs",
    "CPU, CUDA and others",
    "CPU, GPU, TPU through XLA",
    "CPU, WebGL, WebGPU, WASM, Node",
  ],
  ["gradients", "yours", "autograd", "JAX", "its own"],
  [
    "a step, however many tensors",
    "one kernel call",
    "`foreach` and `fused` for most rules",
    "what `jit` makes of it",
    "some operations a tensor",
  ],
  [
    "parameter groups",
    "with options of their own, added and removed while training",
    "the same, but not removed",
    "`partition`",
    "none",
  ],
  [
    "state",
    "`stateDict`, by parameter name, versioned; resumes bit for bit",
    "`state_dict`, by position",
    "a tree, for any serializer",
    "`getWeights`, by position; not for `adamax`",
  ],
  ["the same bits on every engine", "with the strict binary", "no", "no", "no"],
  [
    "rules of your own",
    "in this repository, by four small pieces",
    "a subclass",
    "a chain of transformations",
    "a subclass",
  ],
  ["gradients of several points a step", "a closure", "a closure, for `LBFGS`", "in the training loop", "none"],
  ["hooks", "none", "before and after steps", "none needed", "none"],
  ["sparse gradients", "`sparseRows`", "`SparseAdam`, `SGD`, `Adagrad`", "none", "none"],
  ["gradients through the optimizer", "none", "`differentiable`", "all", "none"],
  [
    "clipping example by example, for privacy",
    "none",
    "Opacus, another package",
    "`per_example_global_norm_clip`",
    "none",
  ],
  ["finite sums: SAG, SAGA, SVRG, SDCA", "`schuss/finite-sum`", "none", "none", "none"],
];

/** Schedules. */
export const schedules = {
  constant: { torch: "a number", optax: "`constant_schedule`" },
  linear: { torch: "`LinearLR`", optax: "`linear_schedule`" },
  polynomial: { torch: "`PolynomialLR`", optax: "`polynomial_schedule`" },
  cosine: { torch: "`CosineAnnealingLR`", optax: "`cosine_decay_schedule`" },
  cosineRestarts: {
    torch: "`CosineAnnealingWarmRestarts`, ours with `firstT: 0`; without peaks that fall",
    optax: "`sgdr_schedule`",
  },
  oneCycle: { torch: "`OneCycleLR`, with momentum", optax: "`cosine_onecycle_schedule`, `linear_onecycle_schedule`" },
  exponential: { torch: "`ExponentialLR`", optax: "`exponential_decay`" },
  inverseTime: {},
  inverseSquareRoot: {},
  staircase: { torch: "`StepLR`", optax: "`exponential_decay` with `staircase`" },
  milestones: { torch: "`MultiStepLR`", optax: "`piecewise_constant_schedule`" },
  piecewise: { optax: "`piecewise_constant_schedule`, by factors" },
  warmupStableDecay: { optax: "by joining" },
  warmup: { torch: "`LinearLR` in `SequentialLR`", optax: "`warmup_*` schedules" },
  join: { torch: "`SequentialLR`", optax: "`join_schedules`" },
  scaled: { torch: "`ChainedScheduler`, for products of schedules" },
  linearScaling: {},
  smoothStep: {},
  smoothStochasticStep: {},
  lipschitzStep: {},
  stronglyConvexStep: {},
  quadraticStep: {},
  chebyshevPair: {},
  batchGrowth: {},
  reduceOnPlateau: { torch: "`ReduceLROnPlateau`", optax: "`contrib.reduce_on_plateau`" },
  resumePlateau: { torch: "`load_state_dict`", optax: "its state" },
};

/** Schedules of theirs that are not here. */
export const missingSchedules = [
  ["torch", "`CyclicLR`, `MultiplicativeLR`, `SWALR`", "none; `LambdaLR` is a function here"],
  ["torch", "cycling of the momentum with the rate", "none: momentum is a number"],
  ["optax", "`inject_hyperparams`: schedules of any option", "of the learning rate and the weight decay"],
  ["optax", "`piecewise_interpolate_schedule`", "`join` of `linear` or `cosine`"],
];
