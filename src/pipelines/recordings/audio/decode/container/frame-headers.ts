/** What the header of one frame says. */
export interface FrameHeader {
  /** Of the whole frame, in bytes. */
  length: number;
  /** The same for frames that one decoder reads on with: version, layer, rate and channels. */
  kind: number;
  /** Samples of each channel; 0 where the frame itself must be read to know. */
  samples: number;
  sampleRate: number;
}

/** Reads a frame's header; undefined where none begins, or it does not say how long the frame is. */
export type ReadHeader = (header: Buffer) => FrameHeader | undefined;

/** As much of a frame as tells its length. */
export const HEADER_BYTES = 6;

/** Kilobits a second of MPEG 1 and of MPEG 2 and 2.5, by layer; 0 is free, which has no length. */
const BIT_RATES: Readonly<Record<string, readonly number[]>> = {
  '1/1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1/2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1/3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2/1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2/2': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2/3': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const MPEG_RATES_HZ = [44_100, 48_000, 32_000];
const MONO = 3;

/** MPEG audio, of which layer 3 is MP3. */
export const mpegHeader: ReadHeader = (header) => {
  if (header.length < HEADER_BYTES || header[0] !== 0xff) return undefined;
  const [, second, third, fourth] = header as unknown as [number, number, number, number];
  // Eleven bits of synchronisation, two of version (1 is reserved), two of layer (0 is reserved).
  const version = (second >> 3) & 3;
  const layer = 4 - ((second >> 1) & 3);
  if ((second & 0xe0) !== 0xe0 || version === 1 || layer === 4) return undefined;
  const isFirst = version === 3;
  const kilobits = BIT_RATES[`${isFirst ? 1 : 2}/${layer}`]![third >> 4];
  const fullRate = MPEG_RATES_HZ[(third >> 2) & 3];
  if (!kilobits || fullRate === undefined) return undefined;
  const sampleRate = isFirst ? fullRate : version === 2 ? fullRate / 2 : fullRate / 4;
  const samples = layer === 1 ? 384 : layer === 3 && !isFirst ? 576 : 1152;
  const padding = (third >> 1) & 1;
  // Layer 1 counts in slots of four bytes.
  const slot = layer === 1 ? 4 : 1;
  const length = (Math.floor(((samples / 8 / slot) * kilobits * 1_000) / sampleRate) + padding) * slot;
  const isMono = fourth >> 6 === MONO;
  const kind = (second & 0x1e) * 8 + (third & 0x0c) + (isMono ? 1 : 0);
  return { length, kind, samples, sampleRate };
};

const ADTS_RATES_HZ = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
const ADTS_HEADER_BYTES = 7;

/** AAC in ADTS frames. */
export const adtsHeader: ReadHeader = (header) => {
  if (header.length < HEADER_BYTES || header[0] !== 0xff) return undefined;
  // Twelve bits of synchronisation and a layer of zero, which MPEG audio of layers 1 to 3 never has.
  if ((header[1]! & 0xf6) !== 0xf0) return undefined;
  const length = ((header[3]! & 3) << 11) | (header[4]! << 3) | (header[5]! >> 5);
  const sampleRate = ADTS_RATES_HZ[(header[2]! >> 2) & 15];
  if (length <= ADTS_HEADER_BYTES || sampleRate === undefined) return undefined;
  // The rate, and the channels.
  const kind = (header[2]! & 0x3d) * 4 + (header[3]! >> 6);
  return { length, kind, samples: 0, sampleRate };
};

/** AAC in LATM, in frames of LOAS; their parameters stand inside. */
export const loasHeader: ReadHeader = (header) => {
  if (header.length < HEADER_BYTES || header[0] !== 0x56 || (header[1]! & 0xe0) !== 0xe0) return undefined;
  const length = 3 + (((header[1]! & 0x1f) << 8) | header[2]!);
  return length > 3 ? { length, kind: 0, samples: 0, sampleRate: 0 } : undefined;
};
