interface SampleFormat {
  bytesPerSample: number;
  planar: boolean;
  view(bytes: Buffer, length: number): ArrayLike<number>;
  /** Value of digital silence, and of full scale above it. */
  centre: number;
  fullScale: number;
}

type ViewMaker = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => ArrayLike<number>;

function format(
  View: ViewMaker,
  bytesPerSample: number,
  planar: boolean,
  fullScale: number,
  centre = 0,
): SampleFormat {
  return {
    bytesPerSample,
    planar,
    fullScale,
    centre,
    view: (bytes, length) => {
      const aligned = bytes.byteOffset % bytesPerSample === 0 ? bytes : new Uint8Array(bytes);
      return new View(aligned.buffer, aligned.byteOffset, length);
    },
  };
}

/** By FFmpeg's AVSampleFormat; 64-bit integers do not occur in recordings. */
const FORMATS: Readonly<Record<number, SampleFormat>> = {
  0: format(Uint8Array, 1, false, 128, 128),
  1: format(Int16Array, 2, false, 32_768),
  2: format(Int32Array, 4, false, 2_147_483_648),
  3: format(Float32Array, 4, false, 1),
  4: format(Float64Array, 8, false, 1),
  5: format(Uint8Array, 1, true, 128, 128),
  6: format(Int16Array, 2, true, 32_768),
  7: format(Int32Array, 4, true, 2_147_483_648),
  8: format(Float32Array, 4, true, 1),
  9: format(Float64Array, 8, true, 1),
};

/** AV_SAMPLE_FMT_FLTP: what the decoders of MP3, AAC, Opus and Vorbis give. */
const FLOAT_PLANAR = 8;

/** Loops that only ever see Float32Array, which V8 compiles to several times the speed of those that see all kinds. */
function averageFloatPlanes(
  planes: readonly Buffer[],
  channels: number,
  count: number,
  into: Float32Array,
): boolean {
  const [first, second] = planes.map((plane) => floatView(plane, count));
  if (first === undefined) return false;
  if (channels === 1) {
    into.set(first);
    return true;
  }
  if (channels !== 2 || second === undefined) return false;
  for (let i = 0; i < count; i++) into[i] = (first[i]! + second[i]!) * 0.5;
  return true;
}

function floatView(bytes: Buffer, count: number): Float32Array | undefined {
  const aligned = bytes.byteOffset % Float32Array.BYTES_PER_ELEMENT === 0;
  return aligned ? new Float32Array(bytes.buffer, bytes.byteOffset, count) : undefined;
}

/**
 * Averages the channels of one decoded frame, as librosa does *before* it resamples (FFmpeg's own down-mix weighs them
 * otherwise), and scales it to full scale 1.
 *
 * @param sampleFormat FFmpeg's AVSampleFormat
 * @param planes one buffer a channel, or one with all channels interleaved
 * @param into receives `count` values from its start
 * @returns false when the sample format is not known
 */
export function averageChannels(
  sampleFormat: number,
  planes: readonly Buffer[],
  channels: number,
  count: number,
  into: Float32Array,
): boolean {
  const known = FORMATS[sampleFormat];
  if (!known) return false;
  if (sampleFormat === FLOAT_PLANAR && averageFloatPlanes(planes, channels, count, into)) return true;
  const scale = 1 / (known.fullScale * channels);
  const offset = known.centre * channels;
  if (!known.planar) {
    const view = known.view(planes[0]!, count * channels);
    for (let i = 0, at = 0; i < count; i++) {
      let sum = -offset;
      for (let channel = 0; channel < channels; channel++, at++) sum += view[at]!;
      into[i] = sum * scale;
    }
    return true;
  }
  const views = planes.slice(0, channels).map((plane) => known.view(plane, count));
  const [first, second] = views;
  if (channels === 1) {
    for (let i = 0; i < count; i++) into[i] = (first![i]! - offset) * scale;
  } else if (channels === 2) {
    for (let i = 0; i < count; i++) into[i] = (first![i]! + second![i]! - offset) * scale;
  } else {
    for (let i = 0; i < count; i++) {
      let sum = -offset;
      for (const view of views) sum += view[i]!;
      into[i] = sum * scale;
    }
  }
  return true;
}
