// Who may know whom in src/, as data. `test/unit/architecture` runs it; `npx depcruise src` shows the same.

const BASE = ['platform', 'contract', 'queue', 'objects', 'webhook', 'temporal'];
/** What a pipeline and the command line know besides. */
const WITH_COMMANDS = [...BASE, 'commands'];

/**
 * Each room, what else of src/ its files may know, and why. `$1` is the pipeline's name, the same on both sides.
 * `types` are rooms of which types alone may be known.
 */
const ROOMS = [
  {
    room: 'platform/text',
    may: [],
    why: 'platform/text shows texts from outside, in workflows as well: it knows nothing else',
  },
  { room: 'platform', may: [], why: 'platform is the lowest room: what it needs is handed to it' },
  {
    room: 'contract',
    may: ['platform/text'],
    why: 'contract holds wire shapes that all pipelines share, and knows nothing but how texts are shown',
  },
  {
    room: 'queue',
    may: ['platform', 'contract'],
    why: 'queue carries messages and does not know what is in them',
  },
  {
    room: 'objects',
    may: ['platform', 'contract'],
    why: 'objects fetches and stores bytes for every pipeline',
  },
  {
    room: 'temporal',
    may: ['platform', 'contract'],
    why: 'temporal connects and watches runs of every pipeline',
  },
  {
    room: 'webhook',
    may: ['platform', 'contract', 'objects'],
    why: 'webhook delivers events of every pipeline, under the address policy of objects',
  },
  {
    room: 'commands',
    may: ['platform', 'contract', 'queue', 'temporal'],
    why: 'commands holds what a command is made of, and no command: one of a pipeline belongs into its cli/',
  },
  {
    room: 'workflows/shared',
    may: ['contract', 'platform/text'],
    types: ['activities/shared'],
    why: 'workflows/shared is for all workflows: what one pipeline alone needs belongs into workflows/<pipeline>',
  },
  {
    room: 'workflows/([^/]+)',
    may: ['workflows/shared', 'contract', 'platform/text', 'pipelines/$1/contract'],
    types: ['activities/shared', 'activities/$1'],
    why: 'a workflow decides from its input and from what activities answer: it knows contracts and types of activities',
  },
  {
    room: 'activities/shared',
    may: ['platform', 'contract', 'queue', 'objects'],
    why: 'activities/shared is for every pipeline: what one alone needs belongs into activities/<pipeline>',
  },
  {
    room: 'activities/([^/]+)',
    may: ['activities/shared', 'pipelines/$1', ...BASE],
    why: 'an activity knows its own pipeline, never another one, the workers or the command line',
  },
  {
    room: 'pipelines/([^/]+)/pipeline[.]ts',
    may: ['pipelines/$1', 'pipelines/pipeline[.]ts', 'activities/$1', 'activities/shared', ...WITH_COMMANDS],
    why: 'pipeline.ts puts together its own pipeline, and knows no other one',
  },
  {
    room: 'pipelines/([^/]+)',
    may: ['pipelines/pipeline[.]ts', 'activities/shared', ...WITH_COMMANDS],
    why: 'a pipeline knows the base rooms, never another pipeline, the workers or the command line',
  },
  {
    room: 'pipelines/[^/]+[.]ts',
    may: ['pipelines/[^/]+[.]ts', 'pipelines/[^/]+/pipeline[.]ts', 'activities/shared', ...WITH_COMMANDS],
    why: 'the list of pipelines knows each by its pipeline.ts alone',
  },
  {
    room: 'workers',
    may: ['activities/shared', 'pipelines/[^/]+[.]ts', ...BASE],
    why: 'the process knows pipelines by pipelines/index.ts alone; what is particular is passed in the Pipeline',
  },
  {
    room: 'cli',
    may: ['activities/shared', 'pipelines/[^/]+[.]ts', ...WITH_COMMANDS],
    why: 'the general commands know pipelines by pipelines/index.ts alone; a command of one belongs into its cli/',
  },
];

/** The path of a room, a folder or one file. */
const inside = (room) => (room.endsWith('[.]ts') ? `${room}$` : `${room}/`);
const anyOf = (rooms) => `^src/(?:${rooms.map(inside).join('|')})`;

/** Rooms that come before one are more particular: `workflows/shared` is no pipeline of that name. */
const rulesOf = ({ room, may, types, why }, index) => {
  const others = ROOMS.slice(0, index).map(({ room: other }) => other);
  const allowed = anyOf([room.replace('([^/]+)', '$1'), ...may]);
  const rule = (name, to) => ({
    name,
    comment: why,
    severity: 'error',
    from: { path: `^src/${inside(room)}`, ...(others.length > 0 && { pathNot: anyOf(others) }) },
    to: { path: '^src/', ...to },
  });
  if (types === undefined) return [rule(room, { pathNot: allowed })];
  return [
    rule(room, { pathNot: allowed, dependencyTypesNot: ['type-only'] }),
    rule(`${room}, types`, {
      pathNot: `${allowed}|${anyOf(types)}`,
      dependencyTypes: ['type-only'],
    }),
  ];
};

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...ROOMS.flatMap(rulesOf),
    {
      name: 'no circles',
      comment: 'two files that know each other are one, or have a third in common',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'onnxruntime has one door',
      comment: 'only platform/onnx-runtime.ts opens it, with its telemetry off',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/onnx-runtime[.]ts$' },
      to: { path: 'node_modules/onnxruntime-node' },
    },
    {
      name: 'nobody knows tools, tests or benches',
      comment: 'what the application needs belongs into src/',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(?:tools|test|bench|scripts|infra)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
