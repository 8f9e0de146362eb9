import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import { recordingsApi } from '../../../../src/pipelines/recordings/http/api.js';
import { openApiDescription } from '../../../../src/workers/api/openapi.js';

interface Described {
  paths: Record<
    string,
    { get: { responses: Record<string, { content: Record<string, { schema: { $ref: string } }> }> } }
  >;
  components: { schemas: Record<string, object> };
}

const described = openApiDescription(
  recordingsApi(() => {
    throw new Error('not asked here');
  }),
  '0.0.0',
) as unknown as Described;
// Times have a pattern besides their format.
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: 'api', ...described });

/** Why an answer is not what the OpenAPI description promises of that path and status; undefined when it is. */
export function mismatch(
  path: string,
  answer: { status: number; contentType: string; body: unknown },
): string | undefined {
  const promised = described.paths[path]?.get.responses[String(answer.status)];
  if (promised === undefined) return `${path} promises no ${answer.status}`;
  const schema = promised.content[answer.contentType.split(';')[0]!]?.schema;
  if (schema === undefined) return `${path} promises no ${answer.contentType}`;
  const validate = ajv.getSchema(`api${schema.$ref}`) as ValidateFunction;
  return validate(answer.body) ? undefined : ajv.errorsText(validate.errors);
}

export interface ApiAnswer {
  status: number;
  contentType: string;
  headers: Headers;
  body: Record<string, unknown>;
}

export async function askApi(url: string, path: string, init?: RequestInit): Promise<ApiAnswer> {
  const answer = await fetch(`${url}/api/v1${path}`, init);
  return {
    status: answer.status,
    contentType: answer.headers.get('content-type') ?? '',
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  };
}
