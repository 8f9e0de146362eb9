import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/**
 * Reads a regular file of a bounded size. A pipe or a device in a file's place would hang the process or fill its
 * memory, so it is opened without waiting, looked at, and refused.
 *
 * @returns the bytes, or why they cannot be read, in words that quote nothing of the file
 * @throws the file system's own error when there is no such file or it may not be read
 */
export function readBoundedFile(path: string, maxBytes: number): Buffer | { refused: string } {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) return { refused: 'it is no regular file' };
    // Sizes are not believed: files of /proc say 0, and one may grow while it is read.
    const parts: Buffer[] = [];
    let bytes = 0;
    for (;;) {
      const part = Buffer.allocUnsafe(64 * 1024);
      const read = readSync(file, part);
      if (read === 0) return Buffer.concat(parts);
      bytes += read;
      if (bytes > maxBytes) return { refused: `it is larger than ${maxBytes} bytes` };
      parts.push(part.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
}
