import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server and a file that nobody has any business with, for files to name. */
export interface Canaries {
  /** Addresses of the server, and paths of the file. */
  references: readonly string[];
  /** @returns what was touched since the last look, in words */
  look(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Older than what it says, so that a read is noted also where access times are kept seldom (relatime). */
const LONG_AGO = new Date('2020-01-01T00:00:00Z');

export async function openCanaries(): Promise<Canaries> {
  const folder = await mkdtemp(join(tmpdir(), 'vachan-canary-'));
  const path = join(folder, 'canary.mp4');
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const untouched = async (): Promise<void> => {
    await writeFile(path, 'nobody reads this');
    await utimes(path, LONG_AGO, new Date());
  };
  const isRead = async (): Promise<boolean> => (await stat(path)).atimeMs > LONG_AGO.getTime();
  await untouched();
  await readFile(path);
  // A file system without access times would show nothing.
  const isTold = await isRead();
  await untouched();
  return {
    references: [
      `http://127.0.0.1:${port}/canary.mp4`,
      `tcp://127.0.0.1:${port}`,
      ...(isTold ? [path, `file:${path}`, `file://${path}`] : []),
    ],
    async look() {
      const touched = [
        ...(connections > 0 ? ['connected to an address that a file names'] : []),
        ...(isTold && (await isRead()) ? ['read a path that a file names'] : []),
      ];
      if (touched.length === 0) return undefined;
      connections = 0;
      await untouched();
      return touched.join(', ');
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
