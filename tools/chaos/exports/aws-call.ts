import type { SeenRequest } from '../http-proxy.js';

/** What a request asks of S3, SQS, DynamoDB or the Export API, as far as the harness looks at it. */
export type Call =
  | { service: 's3'; action: S3Action; key: string; part: number | undefined }
  | { service: 'sqs'; action: string; queueUrl: string; entries: number }
  | { service: 'dynamodb'; action: string }
  | { service: 'api'; action: 'status' | 'files' | 'file' | 'download' | 'other' };

export type S3Action =
  'get' | 'head' | 'list' | 'put' | 'delete' | 'create_upload' | 'put_part' | 'complete' | 'abort' | 'other';

/** Reads a request to AWS; objects are addressed by path. */
export function readAwsCall({ method, url, headers, body }: SeenRequest): Exclude<Call, { service: 'api' }> {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const action = target.replace(/^.*\./, '');
    if (target.startsWith('DynamoDB')) return { service: 'dynamodb', action };
    const { QueueUrl: queueUrl = '', Entries: entries = [] } = JSON.parse(body.toString() || '{}') as {
      QueueUrl?: string;
      Entries?: unknown[];
    };
    return { service: 'sqs', action, queueUrl, entries: entries.length };
  }
  const { pathname, searchParams } = new URL(url, 'http://store');
  const [, , ...segments] = pathname.split('/');
  const key = segments.map(decodeURIComponent).join('/');
  const part = searchParams.get('partNumber');
  return {
    ...{ service: 's3', key, action: s3Action(method, key, searchParams) },
    part: part === null ? undefined : Number(part),
  };
}

function s3Action(method: string, key: string, query: URLSearchParams): S3Action {
  switch (method) {
    case 'PUT':
      return query.has('uploadId') ? 'put_part' : 'put';
    case 'POST':
      if (query.has('uploads')) return 'create_upload';
      return query.has('uploadId') ? 'complete' : 'other';
    case 'DELETE':
      return query.has('uploadId') ? 'abort' : 'delete';
    case 'HEAD':
      return 'head';
    case 'GET':
      return key === '' || query.has('uploadId') ? 'list' : 'get';
    default:
      return 'other';
  }
}

/** Reads a request to the default contract of an Export API. */
export function readApiCall({ method, url }: SeenRequest): Call {
  const [, first, , exportId, part, fileId] = (url.split('?')[0] ?? '').split('/');
  if (first === 'downloads') return { service: 'api', action: 'download' };
  if (method !== 'GET' || exportId === undefined) return { service: 'api', action: 'other' };
  if (part === undefined) return { service: 'api', action: 'status' };
  return { service: 'api', action: fileId === undefined ? 'files' : 'file' };
}
