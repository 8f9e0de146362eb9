import type { Sound } from '../../analysis/audio/audio-listener.js';
import type { MediumStream } from '../input/open-medium.js';
import { MediaRefused } from '../media-errors.js';
import type { MediaLimits } from '../media-limits.js';
import type {
  NativeChannelLayout,
  NativeFrame,
  NativePacket,
  NativeResampleContext,
  NodeAv,
} from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';
import { openCodec } from './open-codec.js';
import { secondsOf } from './read-packets.js';

/** Decodes one stream of sound, packet by packet. */
export interface SoundDecoder {
  /** Pieces of some seconds; gaps of the stream lie between them, never within. */
  push(packet: NativePacket): Promise<void>;
  /** The rest. */
  finish(): Promise<void>;
  /** Undefined while there was none. */
  heard(): { rate: number; channels: number; start: number; end: number } | undefined;
  /** Packets that could not be decoded. */
  readonly damagedPackets: number;
  free(): void;
}

const PIECE_SECONDS = 2;
/** Times of WebM are rounded to milliseconds, and clocks of cameras and of sound drift apart: less is no gap. */
const GAP_SECONDS = 0.1;

/**
 * @param hear of the sound as it is, in its first frame's rate and channels; not called again before it is done
 * @throws MediaRefused
 */
export function createSoundDecoder(
  nodeAv: NodeAv,
  medium: MediumStream,
  limits: MediaLimits,
  hear: (sound: Sound) => Promise<void>,
): SoundDecoder {
  const codec = openCodec(nodeAv, medium, limits);
  const frame = new nodeAv.Frame();
  frame.alloc();
  let damagedPackets = 0;
  let piece: SoundPiece | undefined;
  let start: number | undefined;

  const give = async (): Promise<void> => {
    const sound = piece?.take();
    if (sound !== undefined) await hear(sound);
  };
  const takeFrame = async (): Promise<void> => {
    if (frame.nbSamples <= 0) return;
    // PCM says how many channels there are and not which, and the resampler takes no frame that is unlike its own.
    if (frame.channelLayout.order !== AV.nativeOrder) frame.channelLayout = plainLayout(frame.channelLayout);
    piece ??= createPiece(nodeAv, frame, limits);
    const time = secondsOf(frame.bestEffortTimestamp, medium.stream.timeBase);
    if (start === undefined || (time !== undefined && time - piece.end > GAP_SECONDS)) {
      await give();
      piece.begin(time ?? piece.end);
      start ??= piece.end;
    }
    if (!piece.fits(frame)) await give();
    if (!piece.push(frame)) damagedPackets++;
    if (piece.seconds >= PIECE_SECONDS) await give();
  };
  const drain = async (): Promise<void> => {
    let received = codec.receiveFrameSync(frame);
    for (; received >= 0; received = codec.receiveFrameSync(frame)) await takeFrame();
    if (received !== AV.errorAgain && received !== AV.errorEof) damagedPackets++;
  };
  return {
    async push(packet) {
      if (codec.sendPacketSync(packet) < 0) damagedPackets++;
      else await drain();
    },
    async finish() {
      codec.sendPacketSync(null);
      await drain();
      await give();
    },
    heard: () =>
      piece && start !== undefined
        ? { rate: piece.rate, channels: piece.channels, start, end: piece.end }
        : undefined,
    get damagedPackets() {
      return damagedPackets;
    },
    free() {
      piece?.free();
      frame.free();
      codec.freeContext();
    },
  };
}

/** Sound that is decoded and not yet heard. */
interface SoundPiece {
  readonly rate: number;
  readonly channels: number;
  /** Of what was pushed so far, in seconds on the container's clock. */
  readonly end: number;
  readonly seconds: number;
  /** The next frame begins here. */
  begin(time: number): void;
  /** Whether the frame is of the same kind as those before it: if not, these are to be taken first. */
  fits(frame: NativeFrame): boolean;
  /** @returns false when the frame cannot be taken */
  push(frame: NativeFrame): boolean;
  take(): Sound | undefined;
  free(): void;
}

/**
 * FFmpeg's own code makes plain floats of all formats, and of other rates and channels on the way those of the first frame.
 *
 * @throws MediaRefused when the first frame is not as it may be
 */
function createPiece(nodeAv: NodeAv, first: NativeFrame, limits: MediaLimits): SoundPiece {
  const { sampleRate: rate, channels } = first;
  if (
    channels < 1 ||
    channels > limits.maxChannels ||
    rate < limits.minSampleRate ||
    rate > limits.maxSampleRate
  ) {
    throw new MediaRefused('sound of a kind that is not expected', `${channels} channels at ${rate} Hz`);
  }
  const layout = plainLayout(first.channelLayout);
  let context: NativeResampleContext | undefined;
  let kind = '';
  let pending = 0;
  let begins = 0;

  const contextFor = (frame: NativeFrame): NativeResampleContext | undefined => {
    const { format, sampleRate, channelLayout } = frame;
    if (kindOf(frame) === kind) return context;
    context?.free();
    kind = kindOf(frame);
    pending = 0;
    context = new nodeAv.SoftwareResampleContext();
    context.allocSetOpts2(
      layout,
      AV.sampleFormatFloatPlanar,
      rate,
      plainLayout(channelLayout),
      format,
      sampleRate,
    );
    if (context.init() >= 0) return context;
    context.free();
    context = undefined;
    return undefined;
  };
  return {
    rate,
    channels,
    get end() {
      return begins + pending / rate;
    },
    get seconds() {
      return pending / rate;
    },
    begin: (time) => (begins = time),
    fits: (frame) => kind === '' || kindOf(frame) === kind,
    push(frame) {
      const resampler = contextFor(frame);
      if (resampler === undefined || resampler.convertFrame(null, frame) < 0) return false;
      // What the resampler keeps to itself is not in the delay that it tells where it only mixes.
      if (frame.sampleRate === rate) pending += frame.nbSamples;
      else pending = Number(resampler.getDelay(BigInt(rate)));
      return true;
    },
    take() {
      if (context === undefined || pending <= 0) return undefined;
      const planes = Array.from({ length: channels }, () => new Float32Array(pending));
      const written = context.convertSync(planes.map(asBytes), pending, null, 0);
      if (written <= 0) return undefined;
      const start = begins;
      begins += written / rate;
      pending -= written;
      return { channels: planes.map((plane) => plane.subarray(0, written)), rate, start };
    },
    free: () => context?.free(),
  };
}

const kindOf = ({ format, sampleRate, channelLayout: { nbChannels, order, mask } }: NativeFrame): string =>
  `${format} ${sampleRate} ${nbChannels} ${order} ${mask}`;

const asBytes = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** FFmpeg's bit of a single front channel, and bits of the first channels: left, right, centre, low frequencies, two at the back, … */
const FRONT_CENTRE = 4n;
const firstChannels = (count: number): bigint => (1n << BigInt(count)) - 1n;

/** The layout that channels have by their number, where a header does not say which they are: in the usual order. */
function plainLayout(layout: NativeChannelLayout): NativeChannelLayout {
  const { order, nbChannels } = layout;
  if (order === AV.nativeOrder) return layout;
  return {
    nbChannels,
    order: AV.nativeOrder,
    mask: nbChannels === 1 ? FRONT_CENTRE : firstChannels(nbChannels),
  };
}
