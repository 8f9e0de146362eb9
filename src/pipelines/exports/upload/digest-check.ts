import { createHash } from 'node:crypto';
import type { EntryToUpload, UploadOutcome } from './uploader.js';

/** Holds content against the digests that the metadata states. */
export interface DigestCheck {
  /** Of the content from its first byte on, in order. */
  update(chunk: Buffer): void;
  /** @returns the rejection that another digest means, of the first one that differs */
  verdict(): UploadOutcome | undefined;
}

export function startDigestCheck({ digests }: Pick<EntryToUpload, 'digests'>): DigestCheck {
  const checks = digests.map((stated) => ({ ...stated, hash: createHash(stated.algorithm) }));
  return {
    update: (chunk) => {
      for (const { hash } of checks) hash.update(chunk);
    },
    verdict: () => {
      for (const { algorithm, value, hash } of checks) {
        const found = hash.digest('hex');
        if (found === value.toLowerCase()) continue;
        return {
          outcome: 'rejected',
          reason: 'metadata_checksum',
          detail: algorithm,
          stated: value,
          found,
        };
      }
      return undefined;
    },
  };
}
