/** Takes exact numbers of bytes from chunks of any length. */
export interface ChunkReader {
  /** The next bytes in one piece of their own. @throws RangeError when the chunks end before */
  take(bytes: number): Promise<Buffer>;
  /** The same, for as long as nothing else is asked of the reader: most of the time no byte is copied. */
  view(bytes: number): Promise<Buffer>;
  /** The same as `take`, or what is left. */
  takeUpTo(bytes: number): Promise<Buffer>;
  /** The next bytes in pieces as they come. */
  pass(bytes: number): AsyncGenerator<Buffer>;
  skip(bytes: number): Promise<void>;
  /** Ends the source, read to its end or not. */
  close(): Promise<void>;
}

export function chunkReader(chunks: AsyncIterable<Buffer>): ChunkReader {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  /** Undefined at the end. */
  const some = async (most: number): Promise<Buffer | undefined> => {
    while (rest.length === 0) {
      const chunk = await iterator.next();
      if (chunk.done) return undefined;
      rest = chunk.value;
    }
    const piece = rest.subarray(0, most);
    rest = rest.subarray(piece.length);
    return piece;
  };
  const next = async (most: number): Promise<Buffer> => {
    const piece = await some(most);
    if (piece === undefined) throw new RangeError('The bytes ended early.');
    return piece;
  };
  const fill = async (target: Buffer): Promise<Buffer> => {
    for (let at = 0; at < target.length;) at += (await next(target.length - at)).copy(target, at);
    return target;
  };
  /** What lies in several chunks is put together here. */
  let scratch: Buffer = Buffer.alloc(0);
  async function* pass(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0;) {
      const piece = await next(left);
      left -= piece.length;
      yield piece;
    }
  }
  return {
    take: (bytes) => fill(Buffer.allocUnsafe(bytes)),
    view(bytes) {
      if (rest.length >= bytes) {
        const piece = rest.subarray(0, bytes);
        rest = rest.subarray(bytes);
        return Promise.resolve(piece);
      }
      if (scratch.length < bytes) scratch = Buffer.allocUnsafeSlow(bytes);
      return fill(scratch.subarray(0, bytes));
    },
    async takeUpTo(bytes) {
      const pieces: Buffer[] = [];
      for (let left = bytes; left > 0;) {
        const piece = await some(left);
        if (piece === undefined) break;
        pieces.push(piece);
        left -= piece.length;
      }
      return Buffer.concat(pieces);
    },
    pass,
    async skip(bytes) {
      for (let left = bytes; left > 0;) left -= (await next(left)).length;
    },
    async close() {
      await iterator.return?.();
    },
  };
}
