import { createHash, hash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type Message,
  type ReceiveMessageCommandOutput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { amzDate, canonicalValue, createAuthorize } from '../platform/crypto/aws-signature.js';
import type { SqsSender } from './sqs-calls.js';

type DirectCommand = ReceiveMessageCommand | DeleteMessageBatchCommand | ChangeMessageVisibilityBatchCommand;

/** A batch of 100 takes twenty of them. */
const DIRECT = new Map<unknown, string>([
  [ReceiveMessageCommand, 'ReceiveMessage'],
  [DeleteMessageBatchCommand, 'DeleteMessageBatch'],
  [ChangeMessageVisibilityBatchCommand, 'ChangeMessageVisibilityBatch'],
]);
/** How the client last made a call of one kind to one queue. */
interface Route {
  at: { protocol: string; hostname: string; port?: number; path: string };
  region: string;
  /** What does not change from call to call, names in lower case. */
  headers: Record<string, string>;
}

/**
 * The client, which makes the calls that are made for every ten messages without its middleware: that takes 0.6 to 0.9 ms of CPU of each, nearly
 * all of it to find out again what was true of the last. So endpoint, region and headers are those of a request that the client has sent and that
 * succeeded, and only where its body was what would be sent here; credentials, the clock's correction, connections and their timeouts are
 * the client's own. Queues are those that settings name, so what is kept is bounded. Each answer but 200, and each call that got none, is left to the client, so that errors and retries are the same.
 */
export function withDirectCalls(client: SQSClient): SqsSender {
  const routes = new Map<string, Route>();
  const sign = createSigner();

  async function ask(
    { at, region, headers }: Route,
    body: string,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const credentials = await client.config.credentials();
    const date = new Date(Date.now() + client.config.systemClockOffset);
    const signed = sign({ path: at.path, headers, body }, { credentials, region, date });
    signal?.throwIfAborted();
    const request = { ...at, method: 'POST', query: {}, headers: signed, body };
    const { response } = (await client.config.requestHandler.handle(request as never, {
      ...(signal && { abortSignal: signal }),
    })) as { response: { statusCode: number; body: Readable } };
    const abandon = (): void => void response.body.destroy(signal?.reason as Error);
    signal?.addEventListener('abort', abandon, { once: true });
    try {
      const answer = await text(response.body);
      return response.statusCode === 200 ? answer : undefined;
    } finally {
      signal?.removeEventListener('abort', abandon);
    }
  }

  async function send(command: DirectCommand, options?: { abortSignal?: AbortSignal }): Promise<unknown> {
    const action = DIRECT.get(command.constructor);
    if (action === undefined) return client.send(command as ReceiveMessageCommand, options);
    const name = `${action} ${command.input.QueueUrl}`;
    const route = routes.get(name);
    if (route !== undefined) {
      const body = JSON.stringify(command.input);
      const answer = await ask(route, body, options?.abortSignal).catch(() => undefined);
      options?.abortSignal?.throwIfAborted();
      const output = answer === undefined ? undefined : readAnswer(answer);
      if (output !== undefined) {
        return action === 'ReceiveMessage' ? checkedMessages(output as ReceiveMessageCommandOutput) : output;
      }
      routes.delete(name);
    }
    let seen: Route | undefined;
    (command as ReceiveMessageCommand).middlewareStack.add(
      (next) => (args) => {
        seen = routeOf(args.request as SentRequest, action, command.input);
        return next(args);
      },
      { step: 'deserialize', name: 'learnRoute' },
    );
    const output = await client.send(command as ReceiveMessageCommand, options);
    if (seen !== undefined) routes.set(name, seen);
    return output;
  }
  return { send: send as SqsSender['send'] };
}

/** @returns undefined for what is no answer of SQS: the client may ask */
function readAnswer(answer: string): object | undefined {
  try {
    const json: unknown = JSON.parse(answer);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

/** @throws Error, with the client's own words, where a body is not what SQS says of it */
function checkedMessages({ Messages: messages, ...rest }: ReceiveMessageCommandOutput): object {
  const damaged = (messages ?? [])
    .filter(({ Body: body, MD5OfBody: md5 }) => md5 !== md5Of(body ?? ''))
    .map(({ MessageId: id }) => id);
  if (damaged.length > 0) throw new Error(`Invalid MD5 checksum on messages: ${damaged.join(', ')}`);
  return { ...rest, ...(messages && { Messages: messages.map(withBinaryValues) }) };
}

/** In JSON, bytes stand in base64. */
function withBinaryValues(message: Message): Message {
  const { MessageAttributes: attributes } = message;
  if (attributes === undefined) return message;
  const decoded = Object.entries(attributes).map(([name, value]) => {
    const bytes = value.BinaryValue as unknown;
    return [
      name,
      typeof bytes === 'string'
        ? { ...value, BinaryValue: new Uint8Array(Buffer.from(bytes, 'base64')) }
        : value,
    ];
  });
  return { ...message, MessageAttributes: Object.fromEntries(decoded) as typeof attributes };
}

const md5Of = (body: string): string => createHash('md5').update(body).digest('hex');

/** The parts of a request of the SDK's that are read here. */
interface SentRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Record<string, unknown>;
  headers: Record<string, string | undefined>;
  body?: unknown;
}

/** Of one call, or made for each. */
const VOLATILE =
  /^(authorization|content-length|x-amz-date|x-amz-security-token|x-amz-content-sha256|amz-sdk-.*)$/;

/** @returns undefined for a request that could not be made alike */
function routeOf(
  { method, protocol, hostname, port, path, query, headers, body }: SentRequest,
  action: string,
  input: object,
): Route | undefined {
  const scope = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([a-z0-9-]+)\/sqs\/aws4_request,/;
  const kept = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || VOLATILE.test(name.toLowerCase()) ? [] : [[name.toLowerCase(), value]],
    ),
  );
  const region = scope.exec(headers['authorization'] ?? '')?.[1];
  const isAlike =
    method === 'POST' &&
    kept['host'] !== undefined &&
    kept['content-type'] === 'application/x-amz-json-1.0' &&
    kept['x-amz-target'] === `AmazonSQS.${action}` &&
    Object.keys(query ?? {}).length === 0 &&
    isDeepStrictEqual(jsonOf(body), JSON.parse(JSON.stringify(input)));
  if (region === undefined || !isAlike) return undefined;
  return { at: { protocol, hostname, path, ...(port !== undefined && { port }) }, region, headers: kept };
}

/** @returns undefined for what is no JSON */
function jsonOf(body: unknown): unknown {
  // The client's own kind of bytes warns of those who take it for a string.
  if (body instanceof Uint8Array)
    return readAnswer(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
  return typeof body === 'string' ? readAnswer(body) : undefined;
}

interface SigningContext {
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  region: string;
  date: Date;
}

/** Signs as AWS Signature Version 4 asks for, every header but the one that proxies may change; tests hold it against the client's. */
function createSigner() {
  const authorize = createAuthorize('sqs');
  return (
    { path, headers, body }: { path: string; headers: Record<string, string>; body: string },
    { credentials, region, date }: SigningContext,
  ): Record<string, string> => {
    const time = amzDate(date);
    const bodySha256 = hash('sha256', body, 'hex');
    const sent: Record<string, string> = {
      ...headers,
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-content-sha256': bodySha256,
      'x-amz-date': time,
      ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
    };
    const names = Object.keys(sent)
      .filter((name) => name !== 'user-agent')
      .sort();
    const lines = names.map((name) => `${name}:${canonicalValue(sent[name]!)}\n`).join('');
    const signedNames = names.join(';');
    const canonical = `POST\n${path}\n\n${lines}\n${signedNames}\n${bodySha256}`;
    sent['authorization'] = authorize(canonical, signedNames, { credentials, region, time });
    return sent;
  };
}
