import type { Answer, Forward, Reply, SeenRequest } from '../http-proxy.js';
import type { Random } from '../random.js';
import { refusal, slowDown } from '../s3-refusals.js';
import { troubleSqs, type SqsTrouble } from '../sqs-trouble.js';
import type { Call } from './aws-call.js';

export interface S3Trouble {
  kind: 'slow_down' | 'put_lost' | 'complete_lost' | 'complete_error' | 'truncated';
  random: Random;
}

export interface DynamoTrouble {
  kind: 'unprocessed' | 'throttled';
  random: Random;
}

/** What goes wrong with answers for now. */
export interface Troubles {
  s3: S3Trouble | undefined;
  sqs: SqsTrouble | undefined;
  dynamodb: DynamoTrouble | undefined;
}

/** Of the requests that a trouble is about; many attempts fail several times in a row. */
const SHARE = 0.6;

/** Carries out a request as badly as it is told to. */
export function troubled(
  troubles: Troubles,
  call: Call,
  request: SeenRequest,
  forward: Forward,
): Promise<Reply> {
  const target = String(request.headers['x-amz-target']);
  switch (call.service) {
    case 's3':
      return troubleS3(troubles.s3, call.action, forward);
    case 'sqs':
      return troubleSqs(troubles.sqs, target, request.body, forward);
    case 'dynamodb':
      return troubleDynamo(troubles.dynamodb, call.action, request, forward);
    case 'api':
      return forward();
  }
}

async function troubleS3(
  trouble: S3Trouble | undefined,
  action: Extract<Call, { service: 's3' }>['action'],
  forward: Forward,
): Promise<Reply> {
  if (trouble === undefined || trouble.random.next() > SHARE) return forward();
  const { kind, random } = trouble;
  if (kind === 'slow_down') return slowDown();
  if (kind === 'put_lost' && (action === 'put' || action === 'put_part')) return unanswered(forward);
  if (kind === 'complete_lost' && action === 'complete') return unanswered(forward);
  if (kind === 'complete_error' && action === 'complete') {
    // It may have gone through all the same.
    if (random.next() < 0.5) await forward();
    return refusal(200, 'InternalError', 'We encountered an internal error. Please try again.');
  }
  const answer = await forward();
  return kind === 'truncated' && action === 'get' && answer.status < 300 ? { cut: answer } : answer;
}

/** Carried out, and nobody says so. */
async function unanswered(forward: Forward): Promise<undefined> {
  await forward();
}

interface KeysOfTables {
  [table: string]: { Keys: unknown[] };
}

async function troubleDynamo(
  trouble: DynamoTrouble | undefined,
  action: string,
  { body }: SeenRequest,
  forward: Forward,
): Promise<Reply> {
  if (trouble === undefined || trouble.random.next() > SHARE) return forward();
  if (trouble.kind === 'throttled') {
    return json(400, {
      __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
      message: 'The level of configured provisioned throughput for the table was exceeded.',
    });
  }
  if (action !== 'BatchGetItem') return forward();
  const call = JSON.parse(body.toString()) as { RequestItems: KeysOfTables };
  const kept: KeysOfTables = {};
  const left: KeysOfTables = {};
  for (const [table, asked] of Object.entries(call.RequestItems)) {
    const middle = Math.ceil(asked.Keys.length / 2);
    kept[table] = { ...asked, Keys: asked.Keys.slice(0, middle) };
    if (middle < asked.Keys.length) left[table] = { Keys: asked.Keys.slice(middle) };
  }
  const answer = await forward(Buffer.from(JSON.stringify({ ...call, RequestItems: kept })));
  if (answer.status !== 200) return answer;
  return json(200, { ...(JSON.parse(answer.body.toString()) as object), UnprocessedKeys: left });
}

const json = (status: number, value: unknown): Answer => ({
  ...{ status, headers: { 'content-type': 'application/x-amz-json-1.0' } },
  body: Buffer.from(JSON.stringify(value)),
});
