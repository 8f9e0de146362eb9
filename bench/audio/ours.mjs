// Our side of the race: the audio engine as the worker runs it. Speaks the same JSON lines as the Python peer.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { createAudioEngine } = await import('#vachan/pipelines/recordings/audio/pool/create-audio-engine.js');
const { extractFeatures } = await import('#vachan/pipelines/recordings/audio/features/extract-features.js');

const clips = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const engine = await createAudioEngine({
  poolSize: Number(process.argv[3]),
  modelFolder: join(root, 'models', 'reading-audio'),
});

/** User and system time, where there is /proc; a hundredth of a second is its grain. */
function memberCpuSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return NaN;
  }
}

function memberRssMb(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
  } catch {
    return NaN;
  }
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + engine.memberPids().reduce((sum, pid) => sum + memberCpuSeconds(pid), 0);
}

async function runPath() {
  const cpu = cpuSeconds();
  const started = performance.now();
  const extracted = await Promise.all(clips.map(({ path }) => engine.extract(path)));
  const scoring = performance.now();
  await engine.score(extracted.map(({ features }) => features));
  const ended = performance.now();
  return {
    seconds: (ended - started) / 1_000,
    cpuSeconds: cpuSeconds() - cpu,
    scoreMs: (ended - scoring) / clips.length,
    byClip: extracted.map(({ timingsMs }) => timingsMs),
    rssMb: Math.max(...engine.memberPids().map(memberRssMb)),
    rows: extracted.map(({ features }) => [...features]),
  };
}

function readWaveform(path) {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function runFeatures() {
  const waveforms = clips.map(({ waveform }) => readWaveform(waveform));
  const cpu = process.cpuUsage();
  const started = performance.now();
  const rows = waveforms.map((samples) => extractFeatures(samples));
  const { user, system } = process.cpuUsage(cpu);
  return {
    seconds: (performance.now() - started) / 1_000,
    cpuSeconds: (user + system) / 1e6,
    rows: rows.map((row) => [...row]),
  };
}

// As the peer warms up: what is compiled while it runs is not measured.
await runPath();
runFeatures();
const answer = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
answer({ ready: `Node ${process.versions.node}, decoder ${engine.decoder}, ${engine.kernels.kind} kernels` });
for await (const command of createInterface({ input: process.stdin })) {
  if (command === 'quit') break;
  answer(command === 'path' ? await runPath() : runFeatures());
}
await engine.close();
process.exit(0);
