import type { MediumStream } from '../input/open-medium.js';
import { MediaRefused } from '../media-errors.js';
import type { MediaLimits } from '../media-limits.js';
import type { NativeCodecContext, NodeAv } from '../../../../platform/node-av/api.js';

/**
 * @param reorder frames that a frame waits for, of a stream whose decoder would otherwise guess it from what it sees
 * @throws MediaRefused
 */
export function openCodec(
  nodeAv: NodeAv,
  { stream, codec: name }: MediumStream,
  { maxPixels }: MediaLimits,
  reorder = 0,
): NativeCodecContext {
  const decoder = nodeAv.Codec.findDecoder(stream.codecpar.codecId);
  if (!decoder) throw new MediaRefused('unsupported codec', `no decoder for ${name}`);
  const codec = new nodeAv.CodecContext();
  codec.allocContext3(decoder);
  // A guess that grows on the way would lose or swap frames there, and in a chunk elsewhere than in the whole.
  if (name === 'h264') stream.codecpar.videoDelay = Math.max(stream.codecpar.videoDelay, reorder);
  codec.parametersToContext(stream.codecpar);
  codec.pktTimebase = stream.timeBase;
  // The pool has a process a core.
  codec.threadCount = 1;
  // Not in a dictionary: opening gives that up, and node-av does not know.
  codec.setOption('max_pixels', String(maxPixels));
  const opened = codec.open2Sync(decoder, null);
  if (opened < 0) {
    codec.freeContext();
    throw new MediaRefused('undecodable', `its codec ${name}: ${nodeAv.FFmpegError.strerror(opened)}`);
  }
  return codec;
}
