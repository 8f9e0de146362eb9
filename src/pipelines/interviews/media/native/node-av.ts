/**
 * The part of npm `node-av` that media are read with. The package is optional and an ES module, so it is described here and loaded at
 * run time. What ends in `Sync` blocks; what reads through callbacks must not, since these need the event loop.
 */
import { DependencyUnavailable } from '../../../../platform/errors.js';

export interface Rational {
  num: number;
  den: number;
}

export interface NativePacket {
  readonly streamIndex: number;
  /** In bytes. */
  readonly size: number;
  readonly pts: bigint;
  readonly dts: bigint;
  readonly duration: bigint;
  /** In the file; -1 where the demuxer does not say. */
  readonly pos: bigint;
  readonly flags: number;
  readonly isKeyframe: boolean;
  readonly data: Buffer | null;
  /** The same data, counted once more; null without memory. */
  clone(): NativePacket | null;
  alloc(): void;
  unref(): void;
  free(): void;
}

export interface NativeFrame {
  /** An AVPixelFormat or AVSampleFormat. */
  readonly format: number;
  readonly width: number;
  readonly height: number;
  readonly nbSamples: number;
  readonly channels: number;
  readonly sampleRate: number;
  channelLayout: ChannelLayout;
  readonly pts: bigint;
  readonly bestEffortTimestamp: bigint;
  readonly linesize: number[];
  /** One buffer a plane; valid until `unref`. */
  readonly data: Buffer[] | null;
  alloc(): void;
  unref(): void;
  free(): void;
}

export interface ChannelLayout {
  nbChannels: number;
  /** An AVChannelOrder. */
  order: number;
  mask: bigint;
}

export interface NativeCodecParameters {
  readonly codecType: number;
  readonly codecId: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly sampleRate: number;
  videoDelay: number;
  getCodedSideData(type: number): Buffer | null;
}

export interface NativeStream {
  readonly index: number;
  readonly codecpar: NativeCodecParameters;
  readonly timeBase: Rational;
  readonly duration: bigint;
  readonly disposition: number;
  /** An AVDiscard. */
  discard: number;
}

export interface NativeIo {
  allocContextWithCallbacks(
    bufferSize: number,
    writeFlag: 0,
    read: (size: number) => Buffer | number | Promise<Buffer | number>,
    write: null,
    seek: ((offset: bigint, whence: number) => bigint) | null,
  ): void;
  freeContext(): void;
}

export interface NativeFormatContext {
  readonly streams: NativeStream[] | null;
  /** Microseconds. */
  readonly duration: bigint;
  pb: NativeIo | null;
  allocContext(): void;
  openInput(url: string, format: object | null, options: NativeDictionary | null): Promise<number>;
  findStreamInfo(options: NativeDictionary[] | null): Promise<number>;
  readFrame(packet: NativePacket): Promise<number>;
  seekFrame(stream: number, timestamp: bigint, flags: number): Promise<number>;
  closeInput(): Promise<void>;
}

export interface NativeCodecContext {
  threadCount: number;
  pktTimebase: Rational;
  channelLayout: ChannelLayout;
  allocContext3(codec: object | null): void;
  parametersToContext(parameters: NativeCodecParameters): number;
  setOption(name: string, value: string): number;
  open2Sync(codec: object | null, options: NativeDictionary | null): number;
  sendPacketSync(packet: NativePacket | null): number;
  receiveFrameSync(frame: NativeFrame): number;
  /** After a jump, or after its end was sent: the next packet is a keyframe. */
  flushBuffers(): void;
  freeContext(): void;
}

export interface NativeResampleContext {
  allocSetOpts2(
    outLayout: ChannelLayout,
    outFormat: number,
    outRate: number,
    inLayout: ChannelLayout,
    inFormat: number,
    inRate: number,
  ): number;
  init(): number;
  convertFrame(out: NativeFrame | null, input: NativeFrame | null): number;
  convertSync(out: Buffer[] | null, outCount: number, input: Buffer[] | null, inCount: number): number;
  getDelay(base: bigint): bigint;
  free(): void;
}

export interface NativeScaleContext {
  getContext(
    width: number,
    height: number,
    format: number,
    toWidth: number,
    toHeight: number,
    toFormat: number,
    flags: number,
  ): void;
  scaleSync(
    from: Buffer[],
    fromStride: number[],
    fromRow: number,
    rows: number,
    to: Buffer[],
    toStride: number[],
  ): number;
  freeContext(): void;
}

export interface NativeDictionary {
  free(): void;
}

export interface NodeAv {
  FormatContext: new () => NativeFormatContext;
  IOContext: new () => NativeIo;
  CodecContext: new () => NativeCodecContext;
  SoftwareResampleContext: new () => NativeResampleContext;
  SoftwareScaleContext: new () => NativeScaleContext;
  Packet: new () => NativePacket;
  Frame: new () => NativeFrame;
  InputFormat: { findInputFormat(name: string): object | null };
  Codec: { findDecoder(codecId: number): object | null };
  Dictionary: { fromObject(options: Record<string, string>): NativeDictionary };
  FFmpegError: { strerror(code: number): string };
  Log: { setLevel(level: number): void };
  avGetCodecName(codecId: number): string | null;
}

/** FFmpeg's own numbers. */
export const AV = {
  mediaTypeVideo: 0,
  mediaTypeAudio: 1,
  noTimestamp: -0x8000000000000000n,
  attachedPicture: 0x400,
  discardAll: 48,
  seekBackward: 1,
  seekSize: 0x10000,
  packetCorrupt: 2,
  /** Decoded for those after it, and not shown: an edit list cuts it off. */
  packetDiscard: 4,
  /** Of a display matrix among a stream's side data. */
  displayMatrix: 5,
  pixelFormatRgb24: 2,
  sampleFormatFloatPlanar: 8,
  nativeOrder: 1,
  logQuiet: -8,
  errorEof: -541478725,
  errorAgain: -11,
  errorIo: -5,
} as const;

/** @throws DependencyUnavailable where the package is not installed, or not for this machine */
export async function loadNodeAv(): Promise<NodeAv> {
  // Not a literal, so that the compiler does not ask for an optional package's types.
  const specifier: string = 'node-av/lib';
  try {
    const nodeAv = (await import(specifier)) as NodeAv;
    nodeAv.Log.setLevel(AV.logQuiet);
    return nodeAv;
  } catch (cause) {
    throw new DependencyUnavailable(
      'Media of interviews need npm node-av, which could not be loaded: is it installed, with its optional parts?',
      { cause },
    );
  }
}
