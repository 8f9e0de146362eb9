import { z } from 'zod';
import { COMPONENTS, runListQuerySchema, runParamsSchema } from './schemas.js';

type ComponentName = keyof typeof COMPONENTS;

interface Operation {
  path: string;
  operationId: string;
  summary: string;
  description: string;
  answer: ComponentName;
  parameters: { in: 'query' | 'path'; schema: z.ZodObject }[];
  /** Problems beyond those that every path may have. */
  problems: Record<string, string>;
}

const OPERATIONS: readonly Operation[] = [
  {
    path: '/api/v1/runs',
    operationId: 'listRuns',
    summary: 'Runs, the latest first',
    description:
      "What Temporal's visibility knows: dates and queues, not counts. A run that continues as new is one run.",
    answer: 'RunList',
    parameters: [{ in: 'query', schema: runListQuerySchema }],
    problems: { '400': 'A parameter is wrong; the detail names it.' },
  },
  {
    path: '/api/v1/runs/{test_date}',
    operationId: 'getRun',
    summary: "A date's latest run, with its counts",
    description: "The date's discovery under this worker's source collection, under way or ended.",
    answer: 'Run',
    parameters: [{ in: 'path', schema: runParamsSchema }],
    problems: { '400': 'The date is none.', '404': 'The date has no run.' },
  },
  {
    path: '/api/v1/queue/status',
    operationId: 'getQueueStatus',
    summary: 'What waits in the queue',
    description:
      "SQS's counts of this worker's queue and its dead letters, and who is there to work on them.",
    answer: 'QueueStatus',
    parameters: [],
    problems: {},
  },
  {
    path: '/api/v1/queue/stats',
    operationId: 'getQueueStats',
    summary: 'How the work on the queue goes',
    description:
      'Totals of the runs under way on this queue that answer, how many do not, and totals of this process.',
    answer: 'QueueStats',
    parameters: [],
    problems: {},
  },
];

const PROBLEMS = {
  '421': 'The Host header has a name that is not known as this server’s; HTTP_ALLOWED_HOSTS takes it.',
  '502': 'Temporal or SQS refuses: a permission, or a name that they do not know.',
  '500': 'Not foreseen; the worker has logged it.',
  '503':
    'Temporal or SQS does not answer, the worker is starting, or too many ask at once. Retry-After says when to ask again.',
  '504': 'Temporal or SQS took too long.',
} as const;

/** The OpenAPI 3.1 description of the API, made from the schemas that its answers pass through. */
export function openApiDescription(version: string): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Vachan worker',
      version,
      description:
        'Runs and queue of a Vachan worker. Read-only; answers hold no personal data and are up to a few seconds old.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: Object.fromEntries(OPERATIONS.map((operation) => [operation.path, { get: describe(operation) }])),
    components: { schemas: componentSchemas() },
  };
}

function describe(operation: Operation): Record<string, unknown> {
  const { operationId, summary, description, answer, parameters, problems } = operation;
  return {
    operationId,
    summary,
    description,
    parameters: parameters.flatMap(({ in: place, schema }) => describeParameters(place, schema)),
    responses: {
      '200': {
        description: summary,
        content: { 'application/json': { schema: { $ref: reference(answer) } } },
      },
      ...Object.fromEntries(
        Object.entries({ ...problems, ...PROBLEMS }).map(([status, why]) => [
          status,
          {
            description: why,
            content: { 'application/problem+json': { schema: { $ref: reference('Problem') } } },
          },
        ]),
      ),
    },
  };
}

function describeParameters(place: 'query' | 'path', schema: z.ZodObject): object[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description = name, ...rest } = property as Record<string, unknown>;
    return { name, in: place, required: place === 'path', description, schema: rest };
  });
}

const reference = (name: string): string => `#/components/schemas/${name}`;

function componentSchemas(): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMPONENTS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: reference });
  return Object.fromEntries(
    // In a component `$id` would move the base of its references, and `$schema` is the document's.
    Object.entries(schemas).map(([id, { $id: _id, $schema: _schema, ...schema }]) => [id, schema]),
  );
}
