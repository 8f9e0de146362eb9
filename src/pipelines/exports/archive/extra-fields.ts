/** One of an entry's extra fields (APPNOTE 4.5). */
interface ExtraField {
  id: number;
  data: Buffer;
}

export const EXTRA_IDS = { zip64: 0x0001, unicodePath: 0x7075 } as const;

const HEADER_BYTES = 4;

/**
 * The fields one after the other. What cannot be read as a field ends them, as padding of up to three bytes does that
 * aligners write.
 */
function* extraFields(extra: Buffer): Generator<ExtraField> {
  for (let at = 0; at + HEADER_BYTES <= extra.length;) {
    const length = extra.readUInt16LE(at + 2);
    const start = at + HEADER_BYTES;
    if (start + length > extra.length) return;
    yield { id: extra.readUInt16LE(at), data: extra.subarray(start, start + length) };
    at = start + length;
  }
}

export function extraFieldsOf(extra: Buffer, id: number): Buffer[] {
  if (extra.length < HEADER_BYTES) return [];
  return [...extraFields(extra)].filter((field) => field.id === id).map(({ data }) => data);
}
