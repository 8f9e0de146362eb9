import { openHttpProxy, type HttpProxy, type Reply, type SeenRequest } from '../http-proxy.js';
import type { Random } from '../random.js';
import { slowDown } from '../s3-refusals.js';
import { troubleSqs, type SqsTrouble } from '../sqs-trouble.js';

/** What goes wrong with S3 for now: some GETs, picked by `random`, are answered so. */
export interface S3Trouble {
  kind: 'slow_down' | 'truncated' | 'empty';
  random: Random;
}

/** A way to SQS and S3 that understands what passes, and answers wrongly when told to. */
export interface AwsProxy extends HttpProxy {
  s3: S3Trouble | undefined;
  sqs: SqsTrouble | undefined;
}

/** The share of GETs that fail: enough attempts of one download do, that some fail for good. */
const S3_SHARE = 0.8;

/** Opens the proxy to the server on this port of loopback. */
export async function openAwsProxy(targetPort: number): Promise<AwsProxy> {
  const told: Pick<AwsProxy, 's3' | 'sqs'> = { s3: undefined, sqs: undefined };
  const proxy = await openHttpProxy({
    portOf: () => targetPort,
    handle: (request, forward) => {
      const target = request.headers['x-amz-target'];
      return typeof target === 'string'
        ? troubleSqs(told.sqs, target, request.body, forward)
        : troubleS3(told.s3, request, forward);
    },
  });
  return Object.assign(told, proxy);
}

async function troubleS3(
  trouble: S3Trouble | undefined,
  { method, body }: SeenRequest,
  forward: (body: Buffer) => Promise<Exclude<Reply, undefined | { cut: unknown }>>,
): Promise<Reply> {
  if (trouble === undefined || method !== 'GET' || trouble.random.next() > S3_SHARE) return forward(body);
  if (trouble.kind === 'slow_down') return slowDown();
  const answer = await forward(body);
  if (answer.status >= 300) return answer;
  return trouble.kind === 'truncated' ? { cut: answer } : { ...answer, body: Buffer.alloc(0) };
}
