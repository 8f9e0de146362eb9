import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import root from '@opentelemetry/otlp-transformer/build/src/generated/root.js';

/** A span as a collector sees it. Ids are hexadecimal. */
export interface ReceivedSpan {
  name: string;
  /** 3 is a client, 4 a producer, 5 a consumer. */
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  /** 2 is an error. */
  status: number;
  resource: Record<string, unknown>;
}

/** An OTLP/HTTP collector that keeps what it is sent. */
export interface OtlpReceiver {
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  /** Everything that came, as text, to look for what must not be there. */
  text(): string;
  close(): Promise<void>;
}

interface WireAttribute {
  key: string;
  value?: { stringValue?: string; intValue?: number | string; doubleValue?: number; boolValue?: boolean };
}
interface WireSpan {
  name: string;
  kind?: number;
  traceId: Buffer;
  spanId: Buffer;
  parentSpanId?: Buffer;
  attributes?: WireAttribute[];
  links?: { traceId: Buffer; spanId: Buffer }[];
  status?: { code?: number };
}
interface WireRequest {
  resourceSpans: { resource?: { attributes?: WireAttribute[] }; scopeSpans: { spans: WireSpan[] }[] }[];
}
interface Codec {
  decode(bytes: Uint8Array): WireRequest;
}

/** Of the generated code only the one message is of interest here. */
const { ExportTraceServiceRequest } = (
  root as unknown as {
    opentelemetry: { proto: { collector: { trace: { v1: { ExportTraceServiceRequest: Codec } } } } };
  }
).opentelemetry.proto.collector.trace.v1;

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const bodies: Buffer[] = [];
  const server: Server = createServer((request, response) => {
    void readBody(request).then((body) => {
      bodies.push(body);
      if (request.url === '/v1/traces') spans.push(...readSpans(body));
      response.writeHead(request.url === '/v1/traces' ? 200 : 404).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    text: () => Buffer.concat(bodies).toString('utf8'),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function readSpans(body: Buffer): ReceivedSpan[] {
  return ExportTraceServiceRequest.decode(body).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map((span) => ({
        name: span.name,
        kind: span.kind ?? 0,
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentSpanId: span.parentSpanId?.length ? hex(span.parentSpanId) : undefined,
        attributes: plain(span.attributes),
        links: (span.links ?? []).map((link) => ({ traceId: hex(link.traceId), spanId: hex(link.spanId) })),
        status: span.status?.code ?? 0,
        resource: plain(resource?.attributes),
      })),
    ),
  );
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function plain(attributes: readonly WireAttribute[] = []): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value = {} }) => [
      key,
      value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue),
    ]),
  );
}
