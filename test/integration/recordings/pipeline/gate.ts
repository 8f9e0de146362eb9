import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import {
  createServer as createHttpServer,
  request,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';

/** A way to a server that a test can cut and fix. */
export interface TcpGate {
  readonly port: number;
  /** Ends every connection, and each new one at once. */
  cut(): void;
  fix(): void;
  close(): Promise<void>;
}

/** Stands in front of a server on loopback. */
export async function tcpGate(targetPort: number): Promise<TcpGate> {
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((near) => {
    if (!open) {
      near.destroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.once('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const port = await listen(server);
  const cut = (): void => {
    open = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    cut,
    fix() {
      open = true;
    },
    async close() {
      cut();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** A way to SQS and S3 that a test can hold up. */
export interface AwsGate {
  readonly endpointUrl: string;
  /** Downloads wait from now on; everything else goes through. */
  holdDownloads(): void;
  releaseDownloads(): void;
  /** Downloads that wait. */
  held(): number;
  /** SQS is not answered any more: connections are dropped. */
  refuseSqs(): void;
  close(): Promise<void>;
}

/** Stands in front of the embedded SQS and S3. A GET of an object is a download; SQS is called by POST only. */
export async function awsGate(endpointUrl: string): Promise<AwsGate> {
  const target = new URL(endpointUrl);
  const waiting: (() => void)[] = [];
  let holding = false;
  let refusing = false;
  const forward = (incoming: IncomingMessage, answer: ServerResponse): void => {
    const { method, url, headers } = incoming;
    const onward = request(
      { host: target.hostname, port: target.port, method, path: url, headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    incoming.pipe(onward);
  };
  const server = createHttpServer((incoming, answer) => {
    if (refusing && incoming.method === 'POST') incoming.socket.destroy();
    else if (holding && incoming.method === 'GET') {
      const go = (): void => forward(incoming, answer);
      waiting.push(go);
      answer.on('close', () => {
        const index = waiting.indexOf(go);
        if (index >= 0) waiting.splice(index, 1);
      });
    } else forward(incoming, answer);
  });
  const port = await listen(server);
  return {
    endpointUrl: `http://127.0.0.1:${port}`,
    holdDownloads() {
      holding = true;
    },
    releaseDownloads() {
      holding = false;
      for (const go of waiting.splice(0)) go();
    },
    held: () => waiting.length,
    refuseSqs() {
      refusing = true;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
