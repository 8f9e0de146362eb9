import { constants, crc32, deflateRawSync } from 'node:zlib';
import { joinedContent, repeatedSegment, segmentOfBuffer, type Content, type Segment } from '../content.js';
import { centralHeader, dataDescriptor, endRecords, localHeader, type HeaderFields } from './zip-records.js';

const STORED = 0;
const DEFLATED = 8;
/** Sizes and CRC follow the data. */
const DESCRIPTOR_FLAG = 0x0008;
const UTF8_FLAG = 0x0800;
/** The end of a deflate stream whose last block was flushed: an empty block that says that it is the last. */
const DEFLATE_END = Buffer.from([0x03, 0x00]);

/** An entry of an archive that is to be made, right or wrong. */
export interface ZipEntry {
  name: string | Buffer;
  /** Default: nothing. */
  data?: Buffer | { block: Buffer; times: number };
  /** Default: deflate. */
  method?: 'store' | 'deflate';
  /** Sizes and CRC stand after the data only. */
  descriptor?: boolean;
  /** Mode of a Unix file, e.g. 0o120777 of a symbolic link. Default: a regular file. */
  mode?: number;
  /** What its headers say instead of the truth. */
  lies?: Partial<Pick<HeaderFields, 'crc32' | 'size' | 'method' | 'flags'>>;
  /** What its local header alone says. */
  localLies?: Partial<Pick<HeaderFields, 'crc32' | 'size' | 'method' | 'flags' | 'name'>>;
  /** What is stored instead of the packed content. */
  packed?: Buffer;
}

/** What is wrong with an archive as a whole. */
export interface ZipFaults {
  /** Stated in the end record. */
  count?: number;
  /** Bytes after the end record. */
  trailing?: Buffer;
  /** Bytes that are missing at its end. */
  cut?: number;
}

/** An archive as it is served: nothing of it is on disk, and repeated content takes the memory of one block. */
export function zipContent(entries: readonly ZipEntry[], faults: ZipFaults = {}): Content {
  const segments: Segment[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  const add = (segment: Segment): void => {
    segments.push(segment);
    offset += segment.size;
  };
  for (const entry of entries) {
    const { body, fields: truth } = packedEntry(entry);
    const fields: HeaderFields = { ...truth, ...entry.lies, offset };
    add(segmentOfBuffer(localHeader({ ...fields, ...entry.localLies })));
    for (const segment of body) add(segment);
    if (entry.descriptor === true) add(segmentOfBuffer(dataDescriptor(fields)));
    directory.push(centralHeader(fields));
  }
  const central = Buffer.concat(directory);
  const directoryOffset = offset;
  add(segmentOfBuffer(central));
  add(segmentOfBuffer(endRecords(faults.count ?? entries.length, central.length, directoryOffset)));
  if (faults.trailing !== undefined) add(segmentOfBuffer(faults.trailing));
  const whole = joinedContent(segments, `${central.toString('base64')} ${JSON.stringify(faults)}`);
  return faults.cut === undefined ? whole : { ...whole, size: whole.size - faults.cut };
}

function packedEntry(entry: ZipEntry): { body: Segment[]; fields: HeaderFields } {
  const { name, data = Buffer.alloc(0), method = 'deflate', descriptor = false, mode = 0o100644 } = entry;
  const { block, times } = Buffer.isBuffer(data) ? { block: data, times: 1 } : data;
  let checksum = 0;
  for (let round = 0; round < times; round += 1) checksum = crc32(block, checksum);
  const body = entry.packed === undefined ? packed(block, times, method) : [segmentOfBuffer(entry.packed)];
  return {
    body,
    fields: {
      name: typeof name === 'string' ? Buffer.from(name) : name,
      method: method === 'store' ? STORED : DEFLATED,
      flags: (descriptor ? DESCRIPTOR_FLAG : 0) | (typeof name === 'string' ? UTF8_FLAG : 0),
      crc32: checksum,
      packedSize: body.reduce((sum, { size }) => sum + size, 0),
      size: block.length * times,
      ...{ mode, offset: 0 },
    },
  };
}

function packed(block: Buffer, times: number, method: 'store' | 'deflate'): Segment[] {
  if (method === 'store') return [repeatedSegment(block, times)];
  if (times === 1) return [segmentOfBuffer(deflateRawSync(block))];
  // Flushed in full, it knows nothing of what came before, so that one piece serves all.
  const piece = deflateRawSync(block, { finishFlush: constants.Z_FULL_FLUSH });
  return [repeatedSegment(piece, times), segmentOfBuffer(DEFLATE_END)];
}
