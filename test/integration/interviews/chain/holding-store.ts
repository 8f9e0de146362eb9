import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An address of the store under which objects can be looked at, and reads are held. */
export interface HoldingStore {
  readonly url: string;
  /** Reads that are held. */
  readonly held: number;
  close: () => Promise<void>;
}

/**
 * @param endpoint of the store itself
 * @param passes reads that are let through before
 */
export async function startHoldingStore(endpoint: string, passes = 0): Promise<HoldingStore> {
  let held = 0;
  let read = 0;
  const server = createServer((incoming, answer) => {
    if (incoming.method === 'GET' && incoming.headers.range !== undefined && (read += 1) > passes) {
      held += 1;
      return;
    }
    const { method, headers, url } = incoming;
    const passed = request(new URL(url ?? '/', endpoint), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    incoming.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get held() {
      return held;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
