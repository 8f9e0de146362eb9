import { once } from 'node:events';
import {
  connect as connectH2,
  createSecureServer,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { connect, type AddressInfo, type Server } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';

/** What stands in front of a server that itself speaks plainly. */
export interface TlsGate {
  readonly port: number;
  close(): Promise<void>;
}

/** The name by which tests reach every gate, and for which its certificate must be made. */
export const GATE_HOST = 'localhost';
const LOOPBACK = '127.0.0.1';

/** Ends TLS and passes the bytes on. */
export function tlsGate(targetPort: number, options: TlsOptions): Promise<TlsGate> {
  const server = createServer(options, (near) => {
    const far = connect(targetPort, LOOPBACK);
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
  });
  return opened(server);
}

export interface GrpcGateOptions extends TlsOptions {
  /** Calls with any other are answered as Temporal Cloud would. */
  apiKey?: string;
}

const UNAUTHENTICATED = '16';

/** Ends TLS, checks the API key of each gRPC call, and passes the call on. */
export function grpcGate(address: string, { apiKey, ...options }: GrpcGateOptions): Promise<TlsGate> {
  const server = createSecureServer(options);
  server.on('sessionError', () => undefined);
  server.on('session', (session) => {
    const upstream = connectH2(`http://${address}`);
    upstream.on('error', () => session.destroy());
    session.on('error', () => undefined).on('close', () => upstream.destroy());
    session.on('stream', (near: ServerHttp2Stream, headers) => {
      near.on('error', () => undefined);
      if (apiKey !== undefined && headers.authorization !== `Bearer ${apiKey}`) {
        near.respond(
          {
            ...{ ':status': 200, 'content-type': 'application/grpc' },
            ...{ 'grpc-status': UNAUTHENTICATED, 'grpc-message': 'Request unauthorized.' },
          },
          { endStream: true },
        );
        return;
      }
      const far = upstream.request(headers);
      near.on('close', () => far.close());
      far.on('error', () => near.close());
      far.on('response', (answer, flags) => {
        // Without a body its headers are all there is.
        const isAll = (flags & 1) === 1;
        near.respond(answer, isAll ? { endStream: true } : { waitForTrailers: true });
        if (isAll) return;
        let trailers: OutgoingHttpHeaders = {};
        far.on('trailers', (sent: OutgoingHttpHeaders) => {
          trailers = sent;
        });
        near.on('wantTrailers', () => near.sendTrailers(trailers));
        far.pipe(near);
      });
      near.pipe(far);
    });
  });
  return opened(server);
}

const gates = new Set<TlsGate>();

async function opened(server: Server): Promise<TlsGate> {
  const sockets = new Set<{ destroy(): unknown }>();
  server.on('tlsClientError', () => undefined);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const gate = {
    port: (server.address() as AddressInfo).port,
    async close() {
      gates.delete(gate);
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  gates.add(gate);
  return gate;
}

/** Closes whatever a failed test has left. */
export async function closeLeftGates(): Promise<void> {
  await Promise.all([...gates].map((gate) => gate.close()));
}
