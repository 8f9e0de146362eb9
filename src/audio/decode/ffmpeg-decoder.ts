import { execFile, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AudioTooLong, AudioUndecodable } from '../../platform/errors.js';
import { SAMPLE_RATE_HZ } from '../features/analysis.js';
import type { AudioDecoder, DecodedAudio, DecodeLimits } from './audio-decoder.js';
import { DEMUXER_WHITELIST, SAMPLE_RATE_RANGE_HZ } from './audio-decoder.js';
import {
  MOST_DAMAGED_PACKETS,
  TOLERATED_DAMAGED_PACKETS,
  TOLERATED_DAMAGED_SHARE,
} from './damaged-packets.js';
import { checkContainerEnd } from './container-end.js';
import { silencePadding, soxrLikeOptions } from './resampler.js';
import { notAudio, readHead } from './file-head.js';
import { canStateDuration, checkStatedDuration } from './stated-duration.js';

const run = promisify(execFile);

/** Reading a header takes milliseconds; the pool's own timeout guards the decoding. */
const PROBE_TIMEOUT_MS = 10_000;
/** More diagnostics than this help nobody. */
const MAX_DIAGNOSTIC_CHARACTERS = 300;

const INPUT_OPTIONS = ['-protocol_whitelist', 'file', '-format_whitelist', DEMUXER_WHITELIST];

/** What it writes for a packet that its decoder refuses, before version 6.1 and since. */
const DAMAGED_PACKET = /Error (?:while decoding stream|submitting packet to decoder)/g;
/** Its exit code when a larger share of packets than this is damaged; it goes on to the end all the same. */
const TOO_MANY_DAMAGED = 69;
/** Repeated messages are not summed up, so that they can be counted. */
const DAMAGE_OPTIONS = ['-v', 'repeat+error', '-max_error_rate', String(TOLERATED_DAMAGED_SHARE)];

const probedSchema = z.object({
  streams: z.array(
    z.object({
      codec_name: z.string().default('unknown'),
      sample_rate: z.coerce.number().int(),
      channels: z.number().int(),
      duration: z.coerce.number().positive().optional().catch(undefined),
    }),
  ),
});
type ProbedStream = z.infer<typeof probedSchema>['streams'][number];

/** Whether `ffmpeg` and `ffprobe` can be started. */
export async function findFfmpeg(): Promise<boolean> {
  try {
    await Promise.all([
      run('ffmpeg', ['-version'], { timeout: PROBE_TIMEOUT_MS }),
      run('ffprobe', ['-version'], { timeout: PROBE_TIMEOUT_MS }),
    ]);
    return true;
  } catch {
    return false;
  }
}

/**
 * `ffmpeg` from PATH, one process a file: some four times the cost of FFmpeg in process, and the same checks.
 * It reads the file itself, since an m4a with its index at the end cannot be piped.
 */
export function createFfmpegDecoder(limits: DecodeLimits): AudioDecoder {
  return { name: 'ffmpeg', decode: (path) => decode(path, limits) };
}

async function decode(path: string, limits: DecodeLimits): Promise<DecodedAudio> {
  checkContainerEnd(path);
  const { size } = await stat(path);
  const stream = await probe(path, limits);
  const { channels, sample_rate: sampleRate } = stream;
  const padding = silencePadding(sampleRate);
  // One second beyond the limit is enough to know that it is passed.
  const mostSamples = (limits.maxSeconds + 1) * SAMPLE_RATE_HZ + 2 * padding.outputSamples;
  const padded = await readSamples(path, filters(stream), mostSamples);
  const decoded = padded.length - 2 * padding.outputSamples;
  if (decoded <= 0) throw new AudioUndecodable('Audio cannot be decoded: it holds no sound');
  const durationSeconds = decoded / SAMPLE_RATE_HZ;
  if (durationSeconds > limits.maxSeconds) {
    throw new AudioTooLong(`Audio is longer than the limit of ${limits.maxSeconds} s`);
  }
  checkStatedDuration(durationSeconds, canStateDuration(readHead(path)) ? stream.duration : undefined);
  return {
    samples: padded.subarray(padding.outputSamples, padding.outputSamples + decoded),
    audio: {
      duration_seconds: durationSeconds,
      codec: stream.codec_name,
      sample_rate: sampleRate,
      channels,
      bytes: size,
    },
  };
}

async function probe(path: string, limits: DecodeLimits): Promise<ProbedStream> {
  const entries = 'stream=codec_name,sample_rate,channels,duration';
  const options = ['-v', 'error', ...INPUT_OPTIONS, '-select_streams', 'a:0', '-show_entries', entries];
  let output: string;
  try {
    const probed = await run('ffprobe', [...options, '-of', 'json', '-i', `file:${path}`], {
      timeout: PROBE_TIMEOUT_MS,
    });
    output = probed.stdout;
  } catch (error) {
    throw new AudioUndecodable(`Audio cannot be decoded: ${notAudio(path)}`, { cause: error });
  }
  const stream = probedSchema.parse(JSON.parse(output)).streams[0];
  if (!stream) throw new AudioUndecodable('Audio cannot be decoded: no audio stream');
  if (stream.channels < 1 || stream.channels > limits.maxChannels) {
    throw new AudioUndecodable(
      `Audio cannot be decoded: ${stream.channels} channels, expected 1 to ${limits.maxChannels}`,
    );
  }
  const { lowest, highest } = SAMPLE_RATE_RANGE_HZ;
  if (stream.sample_rate < lowest || stream.sample_rate > highest) {
    throw new AudioUndecodable(
      `Audio cannot be decoded: ${stream.sample_rate} Hz, expected ${lowest} to ${highest} Hz`,
    );
  }
  return stream;
}

/** Average of the channels, silence around, then the resampler laid out as in process. */
function filters({ channels, sample_rate: sampleRate }: ProbedStream): string {
  const share = 1 / channels;
  const terms = Array.from({ length: channels }, (_, channel) => `${share}*c${channel}`);
  const silence = silencePadding(sampleRate).inputSamples;
  const resampling = Object.entries(soxrLikeOptions(sampleRate)).map(([name, value]) => `${name}=${value}`);
  return [
    'aformat=sample_fmts=fltp',
    `pan=mono|c0=${terms.join('+')}`,
    `adelay=delays=${silence}S`,
    `apad=pad_len=${silence}`,
    `aresample=${SAMPLE_RATE_HZ}:${resampling.join(':')}`,
  ].join(',');
}

function readSamples(path: string, filter: string, mostSamples: number): Promise<Float32Array> {
  const options = ['-nostdin', ...DAMAGE_OPTIONS, ...INPUT_OPTIONS, '-i', `file:${path}`];
  const output = ['-map', '0:a:0', '-af', filter, '-c:a', 'pcm_f32le', '-f', 'f32le', 'pipe:1'];
  const child = spawn('ffmpeg', [...options, ...output], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let diagnostics = '';
    let damagedPackets = 0;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      diagnostics = (diagnostics + text).slice(0, MAX_DIAGNOSTIC_CHARACTERS);
      damagedPackets += text.match(DAMAGED_PACKET)?.length ?? 0;
      if (damagedPackets > MOST_DAMAGED_PACKETS) child.kill('SIGKILL');
    });
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      // What was read so far already proves the recording too long.
      if (bytes > mostSamples * Float32Array.BYTES_PER_ELEMENT) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const samples = Math.floor(bytes / Float32Array.BYTES_PER_ELEMENT);
      if (
        damagedPackets > MOST_DAMAGED_PACKETS ||
        (code === TOO_MANY_DAMAGED && damagedPackets > TOLERATED_DAMAGED_PACKETS)
      ) {
        reject(new AudioUndecodable(`Audio cannot be decoded: ${damagedPackets} packets are damaged`));
        return;
      }
      if (code !== 0 && code !== TOO_MANY_DAMAGED && samples < mostSamples) {
        const said = diagnostics.replaceAll(path, 'FILE').trim();
        reject(new AudioUndecodable(`Audio cannot be decoded: ffmpeg says ${said}`));
        return;
      }
      const whole = Buffer.concat(chunks);
      resolve(new Float32Array(whole.buffer, whole.byteOffset, samples));
    });
  });
}
