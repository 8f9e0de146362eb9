import { ZipReader, Uint8ArrayReader, configure, type Entry } from '@zip.js/zip.js';
import type { Oracle, OracleAnswer } from './oracle.js';

/** zip.js at its strictest, names but for: which names are safe is another question. */
export function zipJsOracle(): Oracle {
  configure({ useWebWorkers: false });
  return { name: 'zip.js', read, close: () => undefined };
}

async function read(archive: Buffer): Promise<OracleAnswer> {
  const reader = new ZipReader(new Uint8ArrayReader(archive), {
    strictness: 'strict',
    filenameValidation: 'tolerant',
    checkSignature: true,
    checkOverlappingEntry: true,
  });
  try {
    const entries = await reader.getEntries();
    const answers: (string | undefined)[] = [];
    for (const entry of entries) answers.push(await refusalOf(entry));
    return { entries: answers };
  } catch (error) {
    return { refused: (error as Error).message, entries: [] };
  } finally {
    await reader.close().catch(() => undefined);
  }
}

async function refusalOf(entry: Entry): Promise<string | undefined> {
  if (entry.directory) return undefined;
  try {
    await entry.getData(new WritableStream());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
