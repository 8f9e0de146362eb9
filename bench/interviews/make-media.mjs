// Ten-minute interviews of labelled files, one after the other, without coding them anew: what is seen and heard in them is known.
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { FormatContext, Packet } from 'node-av/lib';
import { LARGE } from './cases.mjs';

const AVMEDIA_TYPE_VIDEO = 0;

/**
 * @param parts `[{path, seconds, times}]`, all of the same codecs and parameters, each beginning with a keyframe
 * @param path where it is kept; its end names the container
 */
export async function joinMedia(parts, path) {
  if (existsSync(path)) return path;
  const unfinished = path.replace(/(\.\w+)$/, '.unfinished$1');
  const output = new FormatContext();
  check(output.allocOutputContext2(null, null, unfinished), `${path} cannot be made`);
  let afterSeconds = 0;
  let isOpen = false;
  for (const { path: source, seconds, times } of parts) {
    const input = new FormatContext();
    check(await input.openInput(source), `${source} cannot be opened`);
    check(await input.findStreamInfo(), `${source} cannot be read`);
    const streams = input.streams;
    const packets = await readPackets(input);
    if (!isOpen) {
      for (const { codecpar, timeBase } of streams) {
        const stream = output.newStream();
        codecpar.copy(stream.codecpar);
        stream.timeBase = timeBase;
      }
      check(await output.openOutput(), `${path} cannot be written`);
      check(await output.writeHeader(), `${path} cannot be begun`);
      isOpen = true;
    }
    for (let time = 0; time < times; time++) {
      for (const packet of packets) {
        const isVideo = streams[packet.stream].codecpar.codecType === AVMEDIA_TYPE_VIDEO;
        // What an audio decoder is primed with stands before the beginning, and the end of the part before has it.
        if (afterSeconds > 0 && !isVideo && packet.pts < 0n) continue;
        await write(output, streams[packet.stream].timeBase, packet, afterSeconds);
      }
      afterSeconds += seconds;
    }
    await input.closeInput();
  }
  check(await output.writeTrailer(), `${path} cannot be ended`);
  await output.closeOutput();
  output.freeContext();
  renameSync(unfinished, path);
  return path;
}

async function readPackets(input) {
  const packet = new Packet();
  packet.alloc();
  const packets = [];
  while ((await input.readFrame(packet)) >= 0) {
    const { streamIndex: stream, pts, dts, duration, isKeyframe } = packet;
    packets.push({ stream, pts, dts, duration, isKeyframe, data: Buffer.from(packet.data ?? []) });
    packet.unref();
  }
  packet.free();
  return packets;
}

async function write(output, timeBase, { stream, pts, dts, duration, isKeyframe, data }, afterSeconds) {
  const after = BigInt(Math.round((afterSeconds * timeBase.den) / timeBase.num));
  const packet = new Packet();
  packet.alloc();
  Object.assign(packet, {
    data,
    streamIndex: stream,
    pts: pts + after,
    dts: dts + after,
    duration,
    isKeyframe,
  });
  packet.rescaleTs(timeBase, output.streams[stream].timeBase);
  check(await output.interleavedWriteFrame(packet), 'a packet cannot be written');
  packet.free();
}

function check(code, otherwise) {
  if (code < 0) throw new Error(`${otherwise} (FFmpeg ${code})`);
}

/** As a camera of constant bit rate writes it, its index at the end. */
async function makeLarge({ path: source, seconds: sourceSeconds, times }, path, bytes) {
  const { writeLargeRecording } = await import('#tools/interviews/media/large-recording.js');
  await writeLargeRecording({ source, sourceSeconds, path, times, bytes });
  return path;
}

/** In test/fixtures/interviews/labelled; the VP8 one is a genuine recording of Chromium's MediaRecorder. */
/** @type {Record<string, [string, number]>} */
const H264 = { one: ['h01_one_face.mp4', 24], two: ['h03_second_face_6_14.mp4', 20] };
/** @type {Record<string, [string, number]>} */
const VP8 = { one: ['../c16_chromium_webm_vp8.webm', 14] };

/** The recordings of the bench, by name; made once, in a folder of the cache. */
export function recordings(root, folder, quick) {
  const labelled = ([file, seconds], times) => ({
    path: join(root, 'test/fixtures/interviews/labelled', file),
    seconds,
    times: quick ? Math.min(times, 2) : times,
  });
  const kept = (name) => join(folder, quick ? `quick-${name}` : name);
  return {
    h264: () => joinMedia([labelled(H264.one, 25)], kept('h264.mp4')),
    vp8: () => joinMedia([labelled(VP8.one, 43)], kept('vp8.webm')),
    large: () =>
      makeLarge(labelled(H264.one, 25), kept('large.mp4'), (quick ? 64 : LARGE.megabytes) * 1024 * 1024),
    // A second face twice, for eight seconds.
    events: () =>
      joinMedia(
        [labelled(H264.one, 12), labelled(H264.two, 1), labelled(H264.one, 11), labelled(H264.two, 1)],
        kept('events.mp4'),
      ),
  };
}
