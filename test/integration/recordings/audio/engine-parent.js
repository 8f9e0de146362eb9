// A process with an audio engine whose members stall: node engine-parent.js FIFO. Prints their process ids.
// Opening a pipe that nobody writes to blocks a member's thread in a system call, as a decoder that hangs does.
const { createAudioEngine } = require('#vachan/pipelines/recordings/audio/pool/create-audio-engine.js');

async function main() {
  const engine = await createAudioEngine({ poolSize: 2, timeouts: { extractMs: 600_000 } });
  const [, , fifo] = process.argv;
  for (let member = 0; member < 2; member++) engine.extract(fifo).catch(() => undefined);
  process.stdout.write(`${JSON.stringify(engine.memberPids())}\n`);
}

void main();
