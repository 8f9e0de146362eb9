// Our side: media of files, as a worker process analyses them. Argument: JSON {cores, transcriber}. Commands are JSON lines {path, mode, every}.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const { createMediaEngine } = await import('#vachan/pipelines/interviews/media/create-media-engine.js');
const { planChunks } = await import('#vachan/pipelines/interviews/media/plan-chunks.js');
const { openFileSource } = await import('#vachan/pipelines/interviews/media/sources/file-source.js');
const { sampleAdaptively } = await import('#vachan/pipelines/interviews/analysis/video/sample-adaptively.js');
const { reduceVideo } = await import('#vachan/pipelines/interviews/analysis/video/reduce-video.js');
const { videoEngines } = await import('#vachan/pipelines/interviews/analysis/video/video-engines.js');
const { reduceAudio } = await import('#vachan/pipelines/interviews/analysis/audio/reduce-audio.js');

const { cores, transcriber } = JSON.parse(process.argv[2]);
const models = join(fileURLToPath(new URL('../..', import.meta.url)), 'models');
const engine = await createMediaEngine({
  ...{ size: cores, models, transcriber },
});
const engines = videoEngines(models);
const transcribe = transcriber !== 'off';
const CHUNK_BYTES = 20 * 1024 * 1024;

/** How a medium's pictures are sampled: in the one reading, after it by keyframes, or in chunks beside it. */
const MODES = {
  async whole(source, every) {
    const { facts, audio, samples } = await engine.pass(source, { sampleEvery: every, transcribe });
    return { facts, audio, samples };
  },
  async adaptive(source, every) {
    const { facts, audio } = await engine.pass(source, { transcribe });
    const chunks = planChunks(facts, { bytes: CHUNK_BYTES, every });
    const stretch = { from: chunks[0]?.from ?? 0, to: chunks.at(-1)?.to ?? 0, every };
    const ask = (options) => engine.sampleVideo(source, facts, options);
    return { facts, audio, samples: await sampleAdaptively(ask, facts, stretch) };
  },
  async chunks(source, every) {
    const indexed = await engine.pass(source, { hear: false });
    const chunks = planChunks(indexed.facts, { bytes: CHUNK_BYTES, every });
    const [{ facts, audio }, samples] = await Promise.all([
      engine.pass(source, { transcribe }),
      Promise.all(
        chunks.map(({ from, to }) => engine.sampleVideo(source, indexed.facts, { from, to, every })),
      ),
    ]);
    return { facts, audio, samples: samples.flat() };
  },
};

function memberCpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const pids = () => [process.pid, ...engine.memberPids()];
const cpuSeconds = () => pids().reduce((sum, pid) => sum + memberCpuSeconds(pid), 0);
/** Of both processes, what they share counted once. */
const pssMib = () =>
  pids().reduce(
    (sum, pid) =>
      sum + Number(/Pss:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024,
    0,
  );
const LOOK_AT_MEMORY_MS = 200;

async function analyse({ path, mode, every }) {
  let peakMib = 0;
  const looking = setInterval(() => (peakMib = Math.max(peakMib, pssMib())), LOOK_AT_MEMORY_MS);
  const cpu = cpuSeconds();
  const started = performance.now();
  const source = await openFileSource(path);
  const { facts, audio, samples } = await MODES[mode](source, every);
  const video = reduceVideo(samples, facts, { every, engines });
  const heard = audio === undefined ? undefined : reduceAudio(audio, facts);
  await source.close();
  clearInterval(looking);
  const counts = [0, 1, 2, 3].map(
    (faces) => samples.filter((sample) => sample.faces.length === faces).length,
  );
  return {
    wallSeconds: (performance.now() - started) / 1000,
    cpuSeconds: cpuSeconds() - cpu,
    peakMib,
    samples: samples.length,
    counts,
    video,
    speechSeconds: heard?.speech.speech_seconds,
    words: heard !== undefined && 'words' in heard.transcript ? heard.transcript.words : undefined,
  };
}

const answer = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
answer({ ready: `Node ${process.versions.node}` });
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'quit') break;
  answer(await analyse(JSON.parse(line)));
}
await engine.close();
process.exit(0);
