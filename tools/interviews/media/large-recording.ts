import { statSync } from 'node:fs';
import { FormatContext, Packet, type Stream } from 'node-av/lib';

/** What a large recording is made of. */
export interface LargeRecording {
  /** An H.264 MP4 of whole seconds, in which each part begins with a keyframe. */
  source: string;
  sourceSeconds: number;
  path: string;
  /** Of the source, one after the other. */
  times: number;
  /** About so many in the end. */
  bytes: number;
}

interface StoredPacket {
  stream: number;
  pts: bigint;
  dts: bigint;
  duration: bigint;
  isKeyframe: boolean;
  data: Buffer;
}

/** ITU-T H.264, table 7-1. */
const FILLER_NAL_UNIT = 12;
const LENGTH_BYTES = 4;

/**
 * Writes a recording as an encoder of constant bit rate does: the source again and again, each picture followed by filler data
 * (ITU-T H.264, 7.3.2.7), which decoders skip. A gigabyte takes seconds, its index is at the end, and all that is seen and heard in
 * it is known.
 *
 * @throws Error where the source cannot be read or the file not be written
 */
export async function writeLargeRecording(recording: LargeRecording): Promise<void> {
  const { source, sourceSeconds, path, times, bytes } = recording;
  const input = new FormatContext();
  check(await input.openInput(source), `${source} cannot be opened`);
  check(await input.findStreamInfo(), `${source} cannot be read`);
  const packets = await readPackets(input);
  const { streams } = input;
  const video = streams.findIndex(({ codecpar }) => codecpar.codecType === 0);
  const pictures = packets.filter(({ stream }) => stream === video).length * times;
  const filler = fillerData(Math.floor((bytes - statSync(source).size * times) / pictures));
  const output = new FormatContext();
  check(output.allocOutputContext2(null, 'mp4', path), 'no MP4 can be written');
  for (const stream of streams) addStream(output, stream);
  check(await output.openOutput(), `${path} cannot be written`);
  check(await output.writeHeader(), `${path} cannot be begun`);
  for (let time = 0; time < times; time += 1)
    for (const packet of packets) {
      // What an audio decoder is primed with stands before the beginning, and the end of the time before has it.
      if (time > 0 && packet.stream !== video && packet.pts < 0n) continue;
      await writePacket(output, streams[packet.stream]!, packet, {
        data: packet.stream === video ? Buffer.concat([packet.data, filler]) : packet.data,
        afterSeconds: time * sourceSeconds,
      });
    }
  check(await output.writeTrailer(), `${path} cannot be ended`);
  await output.closeOutput();
  output.freeContext();
  await input.closeInput();
}

async function readPackets(input: FormatContext): Promise<StoredPacket[]> {
  const packet = new Packet();
  packet.alloc();
  const packets: StoredPacket[] = [];
  while ((await input.readFrame(packet)) >= 0) {
    const { streamIndex: stream, pts, dts, duration, isKeyframe } = packet;
    packets.push({ stream, pts, dts, duration, isKeyframe, data: Buffer.from(packet.data ?? []) });
    packet.unref();
  }
  packet.free();
  return packets;
}

function addStream(output: FormatContext, { codecpar, timeBase }: Stream): void {
  const stream = output.newStream();
  codecpar.copy(stream.codecpar);
  stream.timeBase = timeBase;
}

async function writePacket(
  output: FormatContext,
  { timeBase }: Stream,
  { stream, pts, dts, duration, isKeyframe }: StoredPacket,
  { data, afterSeconds }: { data: Buffer; afterSeconds: number },
): Promise<void> {
  const after = BigInt(Math.round((afterSeconds * timeBase.den) / timeBase.num));
  const packet = new Packet();
  packet.alloc();
  packet.data = data;
  packet.streamIndex = stream;
  packet.pts = pts + after;
  packet.dts = dts + after;
  packet.duration = duration;
  packet.isKeyframe = isKeyframe;
  packet.rescaleTs(timeBase, output.streams[stream]!.timeBase);
  check(await output.interleavedWriteFrame(packet), 'a packet cannot be written');
  packet.free();
}

/** A NAL unit behind its length, as MP4 has them; none where there is no room for one. */
function fillerData(bytes: number): Buffer {
  if (bytes < LENGTH_BYTES + 2) return Buffer.alloc(0);
  const filler = Buffer.alloc(bytes, 0xff);
  filler.writeUInt32BE(bytes - LENGTH_BYTES);
  filler[LENGTH_BYTES] = FILLER_NAL_UNIT;
  // rbsp_trailing_bits.
  filler[bytes - 1] = 0x80;
  return filler;
}

function check(code: number, otherwise: string): void {
  if (code < 0) throw new Error(`${otherwise} (FFmpeg ${code})`);
}
