import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One permission that a call needed, e.g. `sqs:SendMessage` on a queue's name or `s3:GetObject` on `bucket/key`. */
export interface NeededPermission {
  action: string;
  resource: string;
  /** Of a listing that is limited to the keys below one. */
  prefix?: string;
}

/** Stands in front of embedded SQS, S3 or DynamoDB, and writes down what IAM would have asked of each call. */
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

/** What IAM asks for, as the service authorisation reference of SQS, DynamoDB and S3 says. */
function permissionsOf(incoming: IncomingMessage, body: Buffer, status: number): NeededPermission[] {
  const target = incoming.headers['x-amz-target'];
  if (typeof target === 'string') return namedAction(target, body.toString());
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://s3');
  const [bucket = '', ...segments] = decodeURIComponent(pathname).slice(1).split('/');
  const key = segments.join('/');
  const list = { action: 's3:ListBucket', resource: bucket };
  if (key === '') {
    if (searchParams.has('uploads')) return [{ action: 's3:ListBucketMultipartUploads', resource: bucket }];
    const prefix = searchParams.get('prefix');
    return [prefix === null ? list : { ...list, prefix }];
  }
  const own = {
    action: `s3:${objectAction(incoming.method ?? '', searchParams)}`,
    resource: `${bucket}/${key}`,
  };
  // Without the right to list, S3 says "forbidden" of what is not there.
  return status === 404 ? [own, list] : [own];
}

/** A call of SQS or DynamoDB, which say in a header what they are asked for. */
function namedAction(target: string, body: string): NeededPermission[] {
  const [service = '', call = ''] = target.split('.');
  const of = JSON.parse(body) as Record<string, unknown>;
  if (service.startsWith('DynamoDB')) {
    const tables = Object.keys(of['RequestItems'] ?? { [String(of['TableName'])]: {} });
    return tables.map((resource) => ({ action: `dynamodb:${call}`, resource }));
  }
  const { QueueUrl: queueUrl, QueueName: name } = of as Record<string, string | undefined>;
  // A batch of ten needs the permission of one.
  return [
    { action: `sqs:${call.replace(/Batch$/, '')}`, resource: name ?? queueUrl?.split('/').at(-1) ?? '' },
  ];
}

function objectAction(method: string, query: URLSearchParams): string {
  const isOfUpload = query.has('uploadId');
  switch (method) {
    case 'HEAD':
      return 'GetObject';
    case 'GET':
      if (isOfUpload) return 'ListMultipartUploadParts';
      return query.has('versionId') ? 'GetObjectVersion' : 'GetObject';
    case 'PUT':
    case 'POST':
      return 'PutObject';
    case 'DELETE':
      return isOfUpload ? 'AbortMultipartUpload' : 'DeleteObject';
    default:
      return method;
  }
}
