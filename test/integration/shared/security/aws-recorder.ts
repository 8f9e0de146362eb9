import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One permission that a call needed, e.g. `sqs:SendMessage` on a queue's name or `s3:GetObject` on `bucket/key`. */
export interface NeededPermission {
  action: string;
  resource: string;
}

/** Stands in front of the embedded SQS and S3, and writes down what IAM would have asked of each call. */
export interface AwsRecorder {
  readonly endpointUrl: string;
  readonly needed: readonly NeededPermission[];
  close(): Promise<void>;
}

export async function awsRecorder(endpointUrl: string): Promise<AwsRecorder> {
  const target = new URL(endpointUrl);
  const needed: NeededPermission[] = [];
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method, url, headers } = incoming;
      const body = Buffer.concat(chunks);
      const onward = request(
        { host: target.hostname, port: target.port, method, path: url, headers },
        (response) => {
          needed.push(...permissionsOf(incoming, body, response.statusCode ?? 0));
          answer.writeHead(response.statusCode ?? 502, response.headers);
          response.pipe(answer);
        },
      );
      onward.on('error', () => answer.destroy());
      answer.on('close', () => onward.destroy());
      onward.end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    needed,
    async close() {
      server.close();
      server.closeAllConnections();
      await Promise.resolve();
    },
  };
}

/** What IAM asks for, as the service authorisation reference of SQS and S3 says. */
function permissionsOf(incoming: IncomingMessage, body: Buffer, status: number): NeededPermission[] {
  const target = incoming.headers['x-amz-target'];
  if (typeof target === 'string') {
    // A batch of ten needs the permission of one.
    const action = target.replace('AmazonSQS.', 'sqs:').replace(/Batch$/, '');
    const { QueueUrl: queueUrl, QueueName: name } = JSON.parse(body.toString()) as Record<string, string>;
    return [{ action, resource: name ?? queueUrl?.split('/').at(-1) ?? '' }];
  }
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://s3');
  const [bucket = '', ...key] = decodeURIComponent(pathname).slice(1).split('/');
  const list = { action: 's3:ListBucket', resource: bucket };
  if (key.join('') === '') return [list];
  const verbs: Record<string, string> = { GET: 'GetObject', PUT: 'PutObject', DELETE: 'DeleteObject' };
  const versioned = incoming.method === 'GET' && searchParams.has('versionId') ? 'Version' : '';
  const verb = verbs[incoming.method ?? ''] ?? incoming.method ?? '';
  const own = { action: `s3:${verb}${versioned}`, resource: `${bucket}/${key.join('/')}` };
  // Without the right to list, S3 says "forbidden" of what is not there.
  return status === 404 ? [own, list] : [own];
}
