// A process with the thread that serves a worker's port, whose own event loop can be told to stall. It says where it
// listens, and answers `{ block: milliseconds }` by blocking for so long.
const { join } = require('node:path');
const { startFrontThread } = require(join(process.argv[2], 'workers', 'http', 'start-front-thread.js'));

startFrontThread({
  host: '127.0.0.1',
  port: 0,
  allowedHosts: [],
  log: { warn: () => {} },
  ask: async () => ({ status: 200, headers: {}, body: Buffer.from('page') }),
}).then(({ url }) => process.send({ url }));

process.on('message', ({ block }) => {
  process.send({ blocking: true });
  const end = Date.now() + block;
  while (Date.now() < end);
  process.send({ blocking: false });
});
process.on('disconnect', () => process.exit());
