import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createAuthority } from '../../certificates.js';
import { freshFolder } from '../../embedded-stack.js';

/** Several of a connection's buffers. */
const content = randomBytes(3_500_000);

test('objects come whole over https, on one connection of their own', async () => {
  const authority = createAuthority('an authority of the test');
  const asked: { byClient: boolean; socket: Socket }[] = [];
  const server = createServer(authority.issue('localhost'), ({ headers, socket }, response) => {
    asked.push({ byClient: headers['amz-sdk-invocation-id'] !== undefined, socket });
    response.writeHead(200, { etag: '"1"', 'content-length': content.length });
    response.end(content);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = freshFolder();
  const authorities = join(folder, 'authority.pem');
  writeFileSync(authorities, authority.cert);
  const { port } = server.address() as AddressInfo;
  // In a process of its own: which authorities Node trusts is settled as it starts.
  const child = spawn(
    process.execPath,
    [join(__dirname, 'reading-process.cjs'), `https://localhost:${port}`, folder],
    { env: { ...process.env, NODE_EXTRA_CA_CERTS: authorities }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said = (await text(child.stdout)).trim().split('\n');
  server.closeAllConnections();
  server.close();
  const sum = createHash('sha256').update(content).digest('hex');
  expect(said).toEqual([sum, sum, sum]);
  expect(asked.map(({ byClient }) => byClient)).toEqual([true, false, false]);
  expect(asked[2]!.socket).toBe(asked[1]!.socket);
});
