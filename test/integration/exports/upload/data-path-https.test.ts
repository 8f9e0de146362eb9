import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { createAuthority, type Identity } from '../../certificates.js';
import { freshFolder } from '../../embedded-stack.js';

const authority = createAuthority('an authority of the test');
let server: Server;
/** Whether each object had the CRC-32 that was stated, and the connection that it came on. */
let seen: { whole: boolean; socket: Socket }[];

async function listen(identity: Identity): Promise<void> {
  seen = [];
  server = createServer(identity, (request, response) => {
    let found = 0;
    request.on('data', (chunk: Buffer) => {
      found = crc32(chunk, found);
    });
    request.on('end', () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(found);
      const whole = request.headers['x-amz-checksum-crc32'] === bytes.toString('base64');
      seen.push({ whole, socket: request.socket });
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** In a process of its own: which authorities Node trusts is settled as it starts. */
async function puts({ trusts }: { trusts: boolean }): Promise<string> {
  const file = join(freshFolder(), 'authority.pem');
  writeFileSync(file, authority.cert);
  const { port } = server.address() as AddressInfo;
  const child = spawn(
    process.execPath,
    [join(__dirname, 'putting-process.cjs'), `https://localhost:${port}`],
    {
      env: { ...process.env, ...(trusts && { NODE_EXTRA_CA_CERTS: file }) },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const said = await text(child.stdout);
  return said.trim();
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('objects over https', () => {
  it('go over one connection to a server that is trusted by its name', async () => {
    await listen(authority.issue('localhost'));
    expect(await puts({ trusts: true })).toBe('stored');
    expect(seen.map(({ whole }) => whole)).toEqual([true, true]);
    expect(new Set(seen.map(({ socket }) => socket)).size).toBe(1);
  });

  it.each([
    ['that nobody vouches for', 'localhost', false, /certificate/],
    ['of another name', 'other.test', true, /altnames|Hostname/],
  ])('do not go to a server %s', async (_what, host, trusts, why) => {
    await listen(authority.issue(host));
    const said = await puts({ trusts });
    expect(said).toMatch(/could not write .* in 1 attempts, at last: the connection dropped/);
    expect(said).toMatch(why);
    expect(seen).toEqual([]);
  });
});
