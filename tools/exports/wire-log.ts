/** A request as it came, and what the server said, whether or not the client ever heard it. */
export interface SeenRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of SQS; bodies of S3's objects are not looked at. */
  body: Buffer;
}

export interface SeenAnswer {
  status: number;
  body: Buffer;
}

/** A write of an object that S3 carried out, or may have. */
export interface SeenWrite {
  bucket: string;
  key: string;
  /** Undefined where S3's own answer never came. */
  stored: true | undefined;
}

/** Also the body of a message that SQS was told to delete. */
export type SeenEvent = { write: SeenWrite } | { deleted: string };

interface SqsMessage {
  ReceiptHandle: string;
  Body: string;
}

interface SqsCall {
  ReceiptHandle?: string;
  Entries?: { ReceiptHandle?: string }[];
}

/** What passed between processes and S3 and SQS, as far as it tells that something was done twice or too early; in its order. */
export class WireLog {
  readonly events: SeenEvent[] = [];
  readonly #bodies = new Map<string, string>();
  readonly #completed = new Set<string>();

  /** @param answer undefined where the server's answer never came */
  see(request: SeenRequest, answer: SeenAnswer | undefined): void {
    const { 'x-amz-target': target } = request.headers;
    if (typeof target === 'string') {
      if (target.startsWith('AmazonSQS.')) this.#seeSqs(target.slice('AmazonSQS.'.length), request, answer);
      return;
    }
    const write = writeOf(request, answer);
    if (write !== undefined && !this.#isSaidAgain(request, write)) this.events.push({ write });
  }

  /** Asked again to complete an upload, S3 says once more what it did, and does nothing. */
  #isSaidAgain({ url }: SeenRequest, { stored }: SeenWrite): boolean {
    const upload = new URL(url, 'http://s3').searchParams.get('uploadId');
    if (upload === null || stored !== true) return false;
    const isKnown = this.#completed.has(upload);
    this.#completed.add(upload);
    return isKnown;
  }

  #seeSqs(action: string, { body }: SeenRequest, answer: SeenAnswer | undefined): void {
    if (action === 'ReceiveMessage' && answer?.status === 200) {
      const { Messages: messages = [] } = JSON.parse(answer.body.toString()) as { Messages?: SqsMessage[] };
      for (const { ReceiptHandle: handle, Body: text } of messages) this.#bodies.set(handle, text);
    }
    if (!action.startsWith('DeleteMessage')) return;
    const { ReceiptHandle: one, Entries: several = [] } = JSON.parse(body.toString()) as SqsCall;
    for (const handle of [one, ...several.map((entry) => entry.ReceiptHandle)]) {
      const text = handle === undefined ? undefined : this.#bodies.get(handle);
      if (text !== undefined) this.events.push({ deleted: text });
    }
  }
}

/** PutObject and CompleteMultipartUpload; no parts, copies or other calls. */
function writeOf(
  { method, url, headers }: SeenRequest,
  answer: SeenAnswer | undefined,
): SeenWrite | undefined {
  const { pathname, searchParams: query } = new URL(url, 'http://s3');
  const isPut = method === 'PUT' && !query.has('partNumber') && headers['x-amz-copy-source'] === undefined;
  const isComplete = method === 'POST' && query.has('uploadId');
  // A sub-resource, such as tags, is no object.
  const isObject = isComplete || [...query.keys()].every((name) => name === 'x-id');
  const [, bucket = '', ...path] = pathname.split('/').map(decodeURIComponent);
  const key = path.join('/');
  if ((!isPut && !isComplete) || !isObject || key === '') return undefined;
  if (answer === undefined) return { bucket, key, stored: undefined };
  // Of a Complete, 200 may come before it is known how it ends.
  const isRefused = answer.status >= 300 || (isComplete && answer.body.includes('<Error>'));
  return isRefused ? undefined : { bucket, key, stored: true };
}
