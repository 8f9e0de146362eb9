import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { MediaChanged } from '../media-errors.js';
import type { MediaSource } from '../media-source.js';

/**
 * A file of this machine. Its ETag is of its size and the time of its last change.
 *
 * @throws the system's error when it cannot be opened
 */
export async function openFileSource(path: string): Promise<MediaSource> {
  const file = await open(path, 'r');
  const { size, mtimeMs, ino } = await file.stat();
  const etag = `"${createHash('sha256').update(`${ino}:${size}:${mtimeMs}`).digest('hex').slice(0, 32)}"`;
  return {
    size,
    etag,
    async read(from, to) {
      const bytes = Buffer.allocUnsafeSlow(to - from);
      for (let filled = 0; filled < bytes.length;) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
        if (bytesRead === 0) throw new MediaChanged('The file became shorter while it was read');
        filled += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
}
