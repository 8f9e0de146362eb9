import type { AudioDecoder, DecodeLimits } from './audio-decoder.js';
import { createFfmpegDecoder, findFfmpeg } from './ffmpeg-decoder.js';
import { loadNodeAv } from '../../../../platform/node-av/load.js';
import { createNodeAvDecoder } from './node-av-decoder.js';
import { DependencyUnavailable } from '../../../../platform/errors.js';

/**
 * The best decoder of this machine: FFmpeg in process (npm `node-av`), else `ffmpeg` and `ffprobe` from PATH.
 *
 * @throws DependencyUnavailable when there is neither
 */
export async function openDecoder(limits: DecodeLimits): Promise<AudioDecoder> {
  const nodeAv = await loadNodeAv();
  if (!('unavailable' in nodeAv)) return createNodeAvDecoder(nodeAv, limits);
  const ffmpeg = await findFfmpeg();
  if (ffmpeg) return createFfmpegDecoder(limits);
  throw new DependencyUnavailable(
    'No audio decoder: npm package node-av is not installed or does not load, and ffmpeg is not on PATH ' +
      `(${nodeAv.unavailable.split('\n')[0] ?? ''})`,
  );
}
