// Floods a port with pipelined requests over many connections that are opened again when they are closed, and reads few
// answers. A process of its own, so that the probes beside it are not slowed by it. Arguments: port, connections, paths.
const { connect } = require('node:net');

const [port, connections, ...paths] = process.argv.slice(2);
const REQUESTS_A_WRITE = 1_000;

function open(path) {
  const burst = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`.repeat(REQUESTS_A_WRITE));
  const socket = connect(Number(port), '127.0.0.1');
  const write = () => {
    while (!socket.destroyed && socket.write(burst));
  };
  socket.on('connect', write).on('drain', write);
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(open, 50, path));
  // A client that never reads.
  socket.pause();
}

for (let i = 0; i < Number(connections); i++) open(paths[i % paths.length]);
process.stdout.write('flooding\n');
process.on('disconnect', () => process.exit());
