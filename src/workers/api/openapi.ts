import { z } from 'zod';
import type { Api, ApiOperation } from '../../platform/http/api.js';
import { problemSchema } from '../../platform/http/problem.js';

const PROBLEMS = {
  '421': 'The Host header has a name that is not known as this server’s; HTTP_ALLOWED_HOSTS takes it.',
  '502': 'Temporal or SQS refuses: a permission, or a name that they do not know.',
  '500': 'Unexpected error; the worker has logged it.',
  '503':
    'Temporal or SQS does not answer, the worker is starting, or too many ask at once. Retry-After says when to ask again.',
  '504': 'Temporal or SQS took too long.',
} as const;

const GUARDED = {
  '401': 'There is no bearer token, or not the right one.',
  '403': 'There is no token that could be given: its setting is unset.',
} as const;

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'The same request under the same key has the same answer for a day; another body under it is a 422.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
} as const;

/** The OpenAPI 3.1 description of the API, made from the schemas that its answers pass through. */
export function openApiDescription(
  { operations, components }: Api,
  version: string,
): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Vachan worker',
      version,
      description:
        'What a Vachan worker knows and takes. GET changes nothing, and its answers are up to a few seconds old; POST needs a token.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: describePaths(operations),
    components: {
      schemas: componentSchemas({ ...components, Problem: problemSchema }),
      ...(operations.some(isGuarded) && { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } }),
    },
  };
}

function describePaths(operations: readonly ApiOperation[]): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const { method = 'GET', path } = operation;
    (paths[`/api/v1${path}`] ??= {})[method.toLowerCase()] = describe(operation);
  }
  return paths;
}

function isGuarded({ method, access = 'anyone' }: ApiOperation): boolean {
  return method === 'POST' || access !== 'anyone';
}

function describe(operation: ApiOperation): Record<string, unknown> {
  const { operationId, summary, description, answer, query, params, body, method } = operation;
  const problems = { ...operation.problems, ...(isGuarded(operation) && GUARDED), ...PROBLEMS };
  // Of GETs that are closed to other machines alone, the token is one of two ways.
  const security = method === 'POST' ? [{ token: [] }] : [{}, { token: [] }];
  return {
    operationId,
    summary,
    description,
    ...(isGuarded(operation) && { security }),
    parameters: [
      ...describeParameters('query', query),
      ...describeParameters('path', params),
      ...(method === 'POST' ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: { $ref: reference(body) } } } },
    }),
    responses: {
      '200': {
        description: summary,
        content: { 'application/json': { schema: { $ref: reference(answer) } } },
      },
      ...Object.fromEntries(
        Object.entries(problems).map(([status, why]) => [
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

function describeParameters(place: 'query' | 'path', schema: z.ZodObject | undefined): object[] {
  if (schema === undefined) return [];
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description = name, ...rest } = property as Record<string, unknown>;
    return { name, in: place, required: place === 'path', description, schema: rest };
  });
}

const reference = (name: string): string => `#/components/schemas/${name}`;

function componentSchemas(components: Api['components']): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(components)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: reference });
  return Object.fromEntries(
    // In a component `$id` would move the base of its references, and `$schema` is the document's.
    Object.entries(schemas).map(([id, { $id: _id, $schema: _schema, ...schema }]) => [id, schema]),
  );
}
