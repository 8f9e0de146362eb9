import { execFile, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AudioTooLong, AudioUndecodable } from '../../errors.js';
import { SAMPLE_RATE_HZ } from '../features/analysis.js';
import type { AudioDecoder, DecodedAudio, DecodeLimits } from './audio-decoder.js';
import { DEMUXER_WHITELIST, SAMPLE_RATE_RANGE_HZ } from './audio-decoder.js';
import {
  MOST_DAMAGED_PACKETS,
  TOLERATED_DAMAGED_PACKETS,
  TOLERATED_DAMAGED_SHARE,
} from './damaged-packets.js';
import { examineContainer } from './container/examine-container.js';
import { notAudio } from './file-head.js';
import { joinSections, type DecodedSection } from './joined-sections.js';
import { silencePadding, soxrLikeOptions } from './resampler.js';
import { sectionInput, type SectionInput } from './section-input.js';
import { checkSoundRead } from './sound-read.js';
import { checkStatedDuration } from './stated-duration.js';

const run = promisify(execFile);

/** Reading a header takes milliseconds; the pool's own timeout guards the decoding. */
const PROBE_TIMEOUT_MS = 10_000;
/** More diagnostics than this help nobody. */
const MAX_DIAGNOSTIC_CHARACTERS = 300;

function inputOptions({ url, protocols, demuxer, samples }: SectionInput): string[] {
  const whitelists = ['-protocol_whitelist', protocols, '-format_whitelist', demuxer ?? DEMUXER_WHITELIST];
  const format = demuxer === undefined ? [] : ['-f', demuxer];
  const layout = samples ? ['-ar', String(samples.sampleRate), '-ac', String(samples.channels)] : [];
  return [...whitelists, ...format, ...layout, '-i', url];
}

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
    }),
  ),
});
type ProbedStream = z.infer<typeof probedSchema>['streams'][number];

/** Names of the two commands on PATH, or their paths. */
export interface FfmpegCommands {
  ffmpeg: string;
  ffprobe: string;
}
const ON_PATH: FfmpegCommands = { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' };

/** Whether `ffmpeg` and `ffprobe` can be started. */
export async function findFfmpeg(commands = ON_PATH): Promise<boolean> {
  try {
    await Promise.all([
      run(commands.ffmpeg, ['-version'], { timeout: PROBE_TIMEOUT_MS }),
      run(commands.ffprobe, ['-version'], { timeout: PROBE_TIMEOUT_MS }),
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
export function createFfmpegDecoder(limits: DecodeLimits, commands = ON_PATH): AudioDecoder {
  return { name: 'ffmpeg', decode: (path) => decode(path, limits, commands) };
}

async function decode(path: string, limits: DecodeLimits, commands: FfmpegCommands): Promise<DecodedAudio> {
  const { statedSeconds, playedSeconds = Infinity, soundBytes, sections } = examineContainer(path);
  const { size } = await stat(path);
  const decoded: DecodedSection[] = [];
  let seconds = 0;
  for (const section of sections ?? [undefined]) {
    const part = await decodeSection(sectionInput(path, section), limits, commands, seconds);
    seconds += part.seconds;
    decoded.push(part);
  }
  const { samples, first, readBytes } = joinSections(decoded);
  checkSoundRead(readBytes, soundBytes);
  checkStatedDuration(seconds, statedSeconds);
  const played = Math.min(seconds, playedSeconds);
  const { codec, sampleRate, channels } = first;
  return {
    samples: samples.subarray(0, Math.ceil(played * SAMPLE_RATE_HZ)),
    audio: { duration_seconds: played, codec, sample_rate: sampleRate, channels, bytes: size },
  };
}

async function decodeSection(
  input: SectionInput,
  limits: DecodeLimits,
  commands: FfmpegCommands,
  secondsBefore: number,
): Promise<DecodedSection> {
  const stream = await probe(input, limits, commands.ffprobe);
  const { codec_name: codec, channels, sample_rate: sampleRate } = stream;
  const padding = silencePadding(sampleRate);
  // One second beyond the limit is enough to know that it is passed.
  const mostSeconds = limits.maxSeconds - secondsBefore + 1;
  const mostSamples = Math.ceil(mostSeconds * SAMPLE_RATE_HZ) + 2 * padding.outputSamples;
  const { samples: padded, readBytes } = await readSamples(
    commands.ffmpeg,
    input,
    filters(stream),
    mostSamples,
  );
  const decoded = padded.length - 2 * padding.outputSamples;
  if (decoded <= 0) throw new AudioUndecodable('Audio cannot be decoded: it holds no sound');
  const seconds = decoded / SAMPLE_RATE_HZ;
  if (secondsBefore + seconds > limits.maxSeconds) {
    throw new AudioTooLong(`Audio is longer than the limit of ${limits.maxSeconds} s`);
  }
  const samples = padded.subarray(padding.outputSamples, padding.outputSamples + decoded);
  return { samples, seconds, readBytes, codec, sampleRate, channels };
}

async function probe(input: SectionInput, limits: DecodeLimits, ffprobe: string): Promise<ProbedStream> {
  const stream = statedStream(input) ?? (await probedStream(input, ffprobe));
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

/** Of bare samples nothing needs to be probed; nor could it be, by an ffprobe since version 7. */
function statedStream({ demuxer, samples }: SectionInput): ProbedStream | undefined {
  if (!samples || demuxer === undefined) return undefined;
  return { codec_name: `pcm_${demuxer}`, sample_rate: samples.sampleRate, channels: samples.channels };
}

async function probedStream(input: SectionInput, ffprobe: string): Promise<ProbedStream> {
  const entries = 'stream=codec_name,sample_rate,channels';
  const options = ['-v', 'error', '-select_streams', 'a:0', '-show_entries', entries];
  let output: string;
  try {
    const probed = await run(ffprobe, [...options, '-of', 'json', ...inputOptions(input)], {
      timeout: PROBE_TIMEOUT_MS,
    });
    output = probed.stdout;
  } catch (error) {
    throw new AudioUndecodable(`Audio cannot be decoded: ${notAudio(input.path)}`, { cause: error });
  }
  const stream = probedSchema.parse(JSON.parse(output)).streams[0];
  if (!stream) throw new AudioUndecodable('Audio cannot be decoded: no audio stream');
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

/** The bytes that the decoder is given, copied to be counted. */
const COUNTED_OUTPUT = ['-map', '0:a:0', '-c:a', 'copy', '-f', 'data', 'pipe:3'];

function readSamples(
  ffmpeg: string,
  input: SectionInput,
  filter: string,
  mostSamples: number,
): Promise<{ samples: Float32Array; readBytes: number }> {
  // A new filter for other parameters would put silence around each part: better none, and an error.
  const options = ['-nostdin', ...DAMAGE_OPTIONS, '-reinit_filter', '0', ...inputOptions(input)];
  const output = ['-map', '0:a:0', '-af', filter, '-c:a', 'pcm_f32le', '-f', 'f32le', 'pipe:1'];
  const child = spawn(ffmpeg, [...options, ...output, ...COUNTED_OUTPUT], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let diagnostics = '';
    let damagedPackets = 0;
    let readBytes = 0;
    const [stdout, stderr, counted] = child.stdio.slice(1) as [Readable, Readable, Readable];
    counted.on('data', (chunk: Buffer) => (readBytes += chunk.length));
    stderr.setEncoding('utf8').on('data', (text: string) => {
      diagnostics = (diagnostics + text).slice(0, MAX_DIAGNOSTIC_CHARACTERS);
      damagedPackets += text.match(DAMAGED_PACKET)?.length ?? 0;
      if (damagedPackets > MOST_DAMAGED_PACKETS) child.kill('SIGKILL');
    });
    stdout.on('data', (chunk: Buffer) => {
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
        const said = diagnostics.replaceAll(input.url, 'FILE').trim();
        reject(new AudioUndecodable(`Audio cannot be decoded: ffmpeg says ${said}`));
        return;
      }
      const whole = Buffer.concat(chunks);
      resolve({ samples: new Float32Array(whole.buffer, whole.byteOffset, samples), readBytes });
    });
  });
}
