/** Bytes of a medium by blocks: what demuxers read in small steps is fetched in few large ones. */
export interface BlockCache {
  readonly size: number;
  /** Bytes fetched so far, and in how many requests. */
  readonly fetched: { bytes: number; requests: number };
  /** Bytes from a place on: up to the block's end, so perhaps fewer than wanted; none at the end of the medium. */
  read(position: number, most: number): Promise<Buffer>;
  /** All bytes from a place on that there are, at most so many. */
  readAll(position: number, length: number): Promise<Buffer>;
}

const BLOCK_BYTES = 1024 * 1024;
/** Sound and pictures may lie far apart in a file, each with a block read and two on their way; the header has one. */
const MOST_BLOCKS = 8;
/** Once blocks are read one after the other. */
const BLOCKS_AHEAD = 2;

/**
 * Keeps the last blocks used.
 *
 * @param fetch bytes [from, to) of the medium
 */
export function createBlockCache(
  size: number,
  fetch: (from: number, to: number) => Promise<Uint8Array>,
  { blockBytes = BLOCK_BYTES, mostBlocks = MOST_BLOCKS, blocksAhead = BLOCKS_AHEAD } = {},
): BlockCache {
  /** In order of use, the one used longest ago first. */
  const blocks = new Map<number, Promise<Buffer>>();
  const fetched = { bytes: 0, requests: 0 };
  let last = -1;

  const load = (index: number): Promise<Buffer> => {
    const kept = blocks.get(index);
    if (kept !== undefined) {
      blocks.delete(index);
      blocks.set(index, kept);
      return kept;
    }
    for (const oldest of blocks.keys()) {
      if (blocks.size < mostBlocks) break;
      blocks.delete(oldest);
    }
    const from = index * blockBytes;
    const to = Math.min(size, from + blockBytes);
    fetched.requests++;
    const bytes = fetch(from, to).then((got) => {
      fetched.bytes += got.length;
      return Buffer.from(got.buffer, got.byteOffset, got.length);
    });
    // Whoever reads the block hears it; one that was fetched ahead may be read by nobody.
    bytes.catch(() => undefined);
    blocks.set(index, bytes);
    return bytes;
  };

  const read = async (position: number, most: number): Promise<Buffer> => {
    if (position >= size || most <= 0) return Buffer.alloc(0);
    const index = Math.floor(position / blockBytes);
    const wanted = load(index);
    if (index === last + 1 && last >= 0) {
      for (let ahead = 1; ahead <= blocksAhead; ahead++) {
        if ((index + ahead) * blockBytes < size) void load(index + ahead);
      }
    }
    last = index;
    const block = await wanted;
    const start = position - index * blockBytes;
    return block.subarray(start, start + most);
  };

  return {
    size,
    fetched,
    read,
    async readAll(position, length) {
      const parts: Buffer[] = [];
      for (let got = 0; got < length;) {
        const part = await read(position + got, length - got);
        if (part.length === 0) break;
        parts.push(part);
        got += part.length;
      }
      return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    },
  };
}
