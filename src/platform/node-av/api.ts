/**
 * The part of npm `node-av` (FFmpeg in process) that Vachan uses. The package is optional and an ES module, so it is described here and
 * loaded at run time; compiling does not need it. What ends in `Sync` blocks; what reads through callbacks must not, since these need the event loop.
 */

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
  channelLayout: NativeChannelLayout;
  readonly pts: bigint;
  readonly bestEffortTimestamp: bigint;
  readonly linesize: number[];
  /** One buffer a plane, of pictures and of sound of at most eight channels; valid until `unref`. */
  readonly data: Buffer[] | null;
  /** One buffer a plane of sound, however many channels; valid until `unref`. */
  readonly extendedData: Buffer[] | null;
  alloc(): void;
  unref(): void;
  free(): void;
}

export interface NativeChannelLayout {
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
  openInputSync(url: string, format: object | null, options: NativeDictionary | null): number;
  openInput(url: string, format: object | null, options: NativeDictionary | null): Promise<number>;
  findStreamInfoSync(options: NativeDictionary[] | null): number;
  findStreamInfo(options: NativeDictionary[] | null): Promise<number>;
  findBestStream(mediaType: number): number;
  readFrameSync(packet: NativePacket): number;
  readFrame(packet: NativePacket): Promise<number>;
  seekFrame(stream: number, timestamp: bigint, flags: number): Promise<number>;
  closeInputSync(): void;
  closeInput(): Promise<void>;
}

export interface NativeCodecContext {
  threadCount: number;
  pktTimebase: Rational;
  channelLayout: NativeChannelLayout;
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
    outLayout: NativeChannelLayout,
    outFormat: number,
    outRate: number,
    inLayout: NativeChannelLayout,
    inFormat: number,
    inRate: number,
  ): number;
  setOption(name: string, value: string): number;
  setMatrix(matrix: number[], stride: number): number;
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
