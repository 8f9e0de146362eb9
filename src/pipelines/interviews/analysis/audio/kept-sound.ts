/** The end of a long sound, by the numbers that its samples have in all of it. */
export interface KeptSound {
  /** Of the first sample that is kept, and of the one behind the last. */
  readonly first: number;
  readonly end: number;
  push(samples: Float32Array): void;
  /** The samples from `from` to before `to`, silence where they are not kept. A view, or a copy: not to be changed, nor held. */
  slice(from: number, to: number): Float32Array;
  /** Gives up all before sample `first`. */
  dropBefore(first: number): void;
}

export function startKeptSound(): KeptSound {
  let buffer = new Float32Array(1 << 16);
  /** Where in the buffer sample `first` is, and how many there are. */
  let offset = 0;
  let length = 0;
  let first = 0;

  return {
    get first() {
      return first;
    },
    get end() {
      return first + length;
    },
    push(samples) {
      if (offset + length + samples.length > buffer.length) {
        const needed = length + samples.length;
        // Twice as long, so that each sample is moved once on average.
        const next = needed * 2 > buffer.length ? new Float32Array(needed * 2) : buffer;
        next.set(buffer.subarray(offset, offset + length));
        [buffer, offset] = [next, 0];
      }
      buffer.set(samples, offset + length);
      length += samples.length;
    },
    slice(from, to) {
      if (from >= first && to <= first + length) {
        return buffer.subarray(offset + from - first, offset + to - first);
      }
      const slice = new Float32Array(to - from);
      const [start, end] = [Math.max(from, first), Math.min(to, first + length)];
      if (start < end) slice.set(buffer.subarray(offset + start - first, offset + end - first), start - from);
      return slice;
    },
    dropBefore(wanted) {
      const dropped = Math.min(length, Math.max(0, wanted - first));
      offset += dropped;
      length -= dropped;
      first += dropped;
    },
  };
}
