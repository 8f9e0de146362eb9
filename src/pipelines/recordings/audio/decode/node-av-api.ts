/**
 * The part of npm `node-av` that Vachan uses. The package is optional and an ES module, so it is described here and
 * loaded at run time; compiling does not need it.
 */
export interface NativePacket {
  readonly streamIndex: number;
  /** In bytes. */
  readonly size: number;
  alloc(): void;
  unref(): void;
  free(): void;
}

export interface NativeFrame {
  /** An AVSampleFormat. */
  readonly format: number;
  readonly nbSamples: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly channelLayout: NativeChannelLayout;
  /** One buffer a plane; valid until `unref`. */
  readonly extendedData: Buffer[] | null;
  alloc(): void;
  unref(): void;
  free(): void;
}

export interface NativeCodecParameters {
  readonly codecId: number;
  readonly channels: number;
  readonly sampleRate: number;
}

export interface NativeStream {
  readonly index: number;
  readonly codecpar: NativeCodecParameters;
  /** An AVDiscard. */
  discard: number;
}

export interface NativeFormatContext {
  readonly streams: NativeStream[];
  openInputSync(url: string, format: object | null, options: NativeDictionary | null): number;
  findStreamInfoSync(options: null): number;
  findBestStream(mediaType: number): number;
  readFrameSync(packet: NativePacket): number;
  closeInputSync(): void;
}

export interface NativeCodecContext {
  threadCount: number;
  channelLayout: NativeChannelLayout;
  allocContext3(codec: object | null): void;
  parametersToContext(parameters: NativeCodecParameters): number;
  open2Sync(codec: object | null, options: null): number;
  sendPacketSync(packet: NativePacket | null): number;
  receiveFrameSync(frame: NativeFrame): number;
  freeContext(): void;
}

export interface NativeChannelLayout {
  nbChannels: number;
  /** An AVChannelOrder. */
  order: number;
  mask: bigint;
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
  free(): void;
}

export interface NativeDictionary {
  free(): void;
}

export interface NodeAv {
  FormatContext: new () => NativeFormatContext;
  CodecContext: new () => NativeCodecContext;
  SoftwareResampleContext: new () => NativeResampleContext;
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
  mediaTypeAudio: 1,
  sampleFormatFloat: 3,
  discardAll: 48,
  logQuiet: -8,
  errorEof: -541478725,
  errorAgain: -11,
  unspecifiedOrder: 0,
  nativeOrder: 1,
  monoLayout: { nbChannels: 1, order: 1, mask: 4n },
  stereoLayout: { nbChannels: 2, order: 1, mask: 3n },
} as const;

/** Loads `node-av`, or answers why it cannot. */
export async function loadNodeAv(): Promise<NodeAv | { unavailable: string }> {
  // Not a literal, so that the compiler does not ask for an optional package's types.
  const specifier: string = 'node-av/lib';
  try {
    const nodeAv = (await import(specifier)) as NodeAv;
    nodeAv.Log.setLevel(AV.logQuiet);
    return nodeAv;
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}
