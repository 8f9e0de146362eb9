import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc64Nvme } from '../../../../../objects/download/crc64-nvme.js';
import type { FileChecksum, ListedFile } from '../../../contract/listed-file.js';
import { FileRefused } from '../../../errors.js';
import { checkListedSize } from '../listed-size.js';

/** Counts and sums the bytes of a whole file, for the store that keeps it and for the listing that stated them. */
export interface ContentCheck {
  update(chunk: Buffer): void;
  readonly size: number;
  readonly crc32: number;
  /** @throws FileRefused `listing_size`, `listing_checksum` when the listing states something else */
  holdAgainstListing(): Promise<void>;
}

export function createContentCheck(file: ListedFile): ContentCheck {
  const stated = file.checksum;
  const digest = stated === undefined ? undefined : digestOf(stated.algorithm);
  let size = 0;
  let crc = 0;
  return {
    update(chunk) {
      size += chunk.length;
      crc = crc32(chunk, crc);
      digest?.update(chunk);
    },
    get size() {
      return size;
    },
    get crc32() {
      return crc;
    },
    async holdAgainstListing() {
      checkListedSize(file, size);
      if (stated === undefined) return;
      const found = digest === undefined ? crcBytes(crc) : await digest.digest();
      if (found.equals(bytesOf(stated, found.length))) return;
      throw new FileRefused(
        'listing_checksum',
        `The file's ${stated.algorithm} is ${found.toString('hex')}, and another one in the listing.`,
      );
    },
  };
}

/** Undefined where the CRC-32, which is computed anyway, is the one. */
function digestOf(
  algorithm: FileChecksum['algorithm'],
): { update: (chunk: Buffer) => void; digest: () => Promise<Buffer> } | undefined {
  if (algorithm === 'crc32') return undefined;
  if (algorithm === 'crc64nvme') {
    const sum = new Crc64Nvme();
    return { update: (chunk) => sum.update(chunk), digest: async () => Buffer.from(await sum.digest()) };
  }
  const hash = createHash(algorithm);
  return { update: (chunk) => void hash.update(chunk), digest: () => Promise.resolve(hash.digest()) };
}

function crcBytes(crc: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc >>> 0);
  return bytes;
}

/** Four bytes have eight characters in either form. */
const bytesOf = ({ value }: FileChecksum, length: number): Buffer =>
  Buffer.from(value, value.length === length * 2 && /^[0-9a-f]+$/i.test(value) ? 'hex' : 'base64');
