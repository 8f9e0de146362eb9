import { ObjectNotFound } from '../errors.js';
import { checkEcho, encodeCrc32, fullCrc32 } from './crc32-header.js';
import { attributeHeaders, conditionHeaders, readHead } from './object-headers.js';
import type { ObjectStore } from './object-store.js';
import { readDocument } from './refusal.js';
import type { Requests } from './requests.js';

/** Looks at objects, and writes them in one request. */
export function createWholeObjects(requests: Requests): Pick<ObjectStore, 'head' | 'put'> {
  return {
    async head(object, signal) {
      const headers = { 'x-amz-checksum-mode': 'ENABLED' };
      try {
        return await requests.send(
          { action: 'look at', method: 'HEAD', ...object, headers },
          async (response, clock) => {
            await readDocument(response, clock);
            return readHead(response.headers);
          },
          signal,
        );
      } catch (error) {
        if (error instanceof ObjectNotFound) return undefined;
        throw error;
      }
    },
    put: (object, bytes, { crc32, attributes = {}, condition }, signal) =>
      requests.send(
        {
          action: 'write',
          method: 'PUT',
          ...object,
          headers: {
            ...attributeHeaders(attributes),
            ...conditionHeaders(condition),
            'x-amz-checksum-crc32': encodeCrc32(crc32),
          },
          body: { bytes },
        },
        async (response, clock) => {
          await readDocument(response, clock);
          checkEcho(fullCrc32(response.headers), crc32, 'an object');
          return { etag: response.headers.etag };
        },
        signal,
      ),
  };
}
