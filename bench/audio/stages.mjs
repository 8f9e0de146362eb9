// Where the milliseconds go in one process, and what FFmpeg's own code takes of them.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { median } from './agreement.mjs';

/** Samples in a decoder's block: what most codecs give at once. */
const BLOCK_SAMPLES = 1_024;
const AUDIO = 1;

/**
 * Times each stage of each clip, `rounds` times over.
 *
 * @returns `{decoder, byFormat}`: CPU milliseconds a clip, by format: `codec` (FFmpeg reads and decodes, its samples are left
 * where they are), `decode` (the decoder without its resampler), `resample`, `features`
 */
export async function measureStages(clips, rounds) {
  const { openDecoder } = await import('#vachan/pipelines/recordings/audio/decode/open-decoder.js');
  const { createResampler } = await import('#vachan/pipelines/recordings/audio/decode/resampler.js');
  const { createSpectralResampling } =
    await import('#vachan/pipelines/recordings/audio/decode/spectral-resampler.js');
  const { createSampleBuffer } = await import('#vachan/pipelines/recordings/audio/decode/sample-buffer.js');
  const output = createSampleBuffer();
  const spectral = createSpectralResampling(output);
  const { extractFeatures } = await import('#vachan/pipelines/recordings/audio/features/extract-features.js');
  const decoder = await openDecoder({ maxSeconds: 600, maxChannels: 8 });
  /** @type {any} */
  const nodeAv = decoder.name === 'node-av' ? await import('node-av/lib') : undefined;

  const times = {};
  for (let round = -1; round < rounds; round++) {
    for (const clip of clips) {
      const codec = nodeAv ? timed(() => runCodec(nodeAv, clip.path)) : NaN;
      const started = process.cpuUsage();
      const { samples, audio } = await decoder.decode(clip.path);
      const whole = since(started);
      const source = soundOf(Math.round(audio.duration_seconds * audio.sample_rate));
      const resample = nodeAv
        ? timed(() =>
            resampleAll(
              spectral(audio.sample_rate) ?? createResampler(nodeAv, audio.sample_rate, output),
              source,
              output,
            ),
          )
        : NaN;
      const features = timed(() => extractFeatures(samples));
      // As the pool's members do.
      decoder.recycle?.(samples);
      // Native memory is freed between turns of the event loop only.
      await nextTurn();
      if (round < 0) continue;
      const of = (times[clip.format] ??= { codec: [], decode: [], resample: [], features: [] });
      of.codec.push(codec);
      of.decode.push(nodeAv ? whole - resample : whole);
      of.resample.push(resample);
      of.features.push(features);
    }
  }
  const byFormat = Object.fromEntries(
    Object.entries(times).map(([format, stages]) => [
      format,
      Object.fromEntries(Object.entries(stages).map(([stage, values]) => [stage, median(values)])),
    ]),
  );
  return { decoder: decoder.name, byFormat };
}

const sounds = new Map();

/**
 * A sweep of so many samples, the same array each time: the pages of a new one would be the system's work while it is resampled, and
 * silence is searched for where it lies.
 */
function soundOf(count) {
  const known = sounds.get(count) ?? Float32Array.from({ length: count }, (_, i) => Math.sin(i * i * 1e-6));
  sounds.set(count, known);
  return known;
}

/** CPU milliseconds, which other programs on the machine disturb least. */
function timed(work) {
  const started = process.cpuUsage();
  work();
  return since(started);
}

function since(started) {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000;
}

function resampleAll(resampler, source, output) {
  for (let at = 0; at < source.length; at += BLOCK_SAMPLES)
    resampler.push(source.subarray(at, at + BLOCK_SAMPLES));
  output.recycle(resampler.finish());
  resampler.free();
}

/** The least that any user of FFmpeg's decoder pays, with 1 % for the calls from JavaScript. */
function runCodec(av, path) {
  const format = new av.FormatContext();
  const codec = new av.CodecContext();
  const [packet, frame] = [new av.Packet(), new av.Frame()];
  packet.alloc();
  frame.alloc();
  format.openInputSync(path, null, null);
  format.findStreamInfoSync(null);
  const stream = format.streams[format.findBestStream(AUDIO)];
  const decoder = av.Codec.findDecoder(stream.codecpar.codecId);
  codec.allocContext3(decoder);
  codec.parametersToContext(stream.codecpar);
  codec.threadCount = 1;
  codec.open2Sync(decoder, null);
  const drain = () => {
    while (codec.receiveFrameSync(frame) >= 0) frame.unref();
  };
  while (format.readFrameSync(packet) >= 0) {
    codec.sendPacketSync(packet);
    drain();
    packet.unref();
  }
  codec.sendPacketSync(null);
  drain();
  frame.free();
  packet.free();
  codec.freeContext();
  format.closeInputSync();
}
