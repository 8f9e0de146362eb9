import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { connectClient } from '../../../../src/temporal/connection.js';

const TRY_MS = 300;

test('each try to reach Temporal opens a connection of its own, since an earlier one may be dead without a word', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const before = process.env['TEMPORAL_ADDRESS'];
  process.env['TEMPORAL_ADDRESS'] = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  try {
    await expect(connectClient(undefined, { timeoutMs: TRY_MS })).rejects.toThrow(DependencyUnavailable);
    const first = sockets.length;
    await expect(connectClient(undefined, { timeoutMs: TRY_MS })).rejects.toThrow(DependencyUnavailable);
    expect(sockets.length).toBeGreaterThan(first);
  } finally {
    if (before === undefined) delete process.env['TEMPORAL_ADDRESS'];
    else process.env['TEMPORAL_ADDRESS'] = before;
    for (const socket of sockets) socket.destroy();
    silent.close();
  }
});
