import type { NativeIo, NodeAv } from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';
import type { BlockCache } from './block-cache.js';

/** Bytes [from, to) of a medium. */
export interface BytePart {
  from: number;
  to: number;
}

/** What FFmpeg reads: it knows neither an address nor a protocol. */
export interface MediaInput {
  readonly io: NativeIo;
  /** @throws what kept it from reading; FFmpeg itself only hears that there was something */
  check(): void;
  /** Only once the format context that reads it is closed: the process would not end before. */
  free(): void;
}

const BUFFER_BYTES = 128 * 1024;

/**
 * @param parts the bytes in their order, one part behind the other
 * @param seekable false for what is best read from its beginning to its end: a fragmented MP4 would be looked through twice
 */
export function openInput(
  nodeAv: NodeAv,
  cache: BlockCache,
  parts: readonly BytePart[],
  seekable: boolean,
): MediaInput {
  const length = parts.reduce((sum, { from, to }) => sum + to - from, 0);
  let position = 0;
  let failure: { error: unknown } | undefined;

  const read = async (most: number): Promise<Buffer | number> => {
    try {
      let before = 0;
      for (const { from, to } of parts) {
        if (position < before + to - from) {
          const bytes = await cache.read(
            from + position - before,
            Math.min(most, before + to - from - position),
          );
          position += bytes.length;
          return bytes.length === 0 ? AV.errorEof : bytes;
        }
        before += to - from;
      }
      return AV.errorEof;
    } catch (error) {
      failure ??= { error };
      return AV.errorIo;
    }
  };
  const seek = (offset: bigint, whence: number): bigint => {
    if ((whence & AV.seekSize) !== 0) return BigInt(length);
    const base = [0, position, length][whence & 3] ?? 0;
    const target = base + Number(offset);
    if (!(target >= 0)) return -1n;
    position = target;
    return BigInt(target);
  };

  const io = new nodeAv.IOContext();
  io.allocContextWithCallbacks(BUFFER_BYTES, 0, read, null, seekable ? seek : null);
  return {
    io,
    check() {
      if (failure !== undefined) throw failure.error;
    },
    free: () => io.freeContext(),
  };
}
