/** Which export: ids are unique within a source. */
export interface JobRef {
  source: string;
  export_id: string;
}

/** Most UTF-8 bytes of an export id. */
export const MAX_EXPORT_ID_BYTES = 256;

export const DEFAULT_SOURCE = 'default';

const SOURCE = /^[a-z0-9-]{1,32}$/;

export function isSource(text: string): boolean {
  return SOURCE.test(text);
}

/** 1 to 256 bytes of UTF-8 without control characters or broken surrogate pairs. */
export function isExportId(text: string): boolean {
  return text !== '' && !/[\p{Cc}\p{Cs}]/u.test(text) && utf8Length(text) <= MAX_EXPORT_ID_BYTES;
}

/**
 * An export id as it stands in keys and workflow ids: everything but letters, digits, `-`, `_`, `.` and `~` is
 * percent-encoded, and a leading `.` or `_` as well. Two ids never have one form.
 */
export function encodeExportId(exportId: string): string {
  const encoded = encodeURIComponent(exportId).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoded.replace(/^[._]/, (first) => (first === '.' ? '%2E' : '%5F'));
}

export function decodeExportId(encoded: string): string {
  return decodeURIComponent(encoded);
}

export function jobWorkflowId({ source, export_id: exportId }: JobRef): string {
  return `export:${source}:${encodeExportId(exportId)}`;
}

export function taskWorkflowId({ source, export_id: exportId }: JobRef, firstOrdinal: number): string {
  return `export-task:${source}:${encodeExportId(exportId)}:${firstOrdinal}`;
}

/** The job of a workflow id; undefined for any other. */
export function jobOf(workflowId: string): JobRef | undefined {
  const [, source, encoded] = /^export:([a-z0-9-]{1,32}):([^:]+)$/.exec(workflowId) ?? [];
  if (source === undefined || encoded === undefined) return undefined;
  try {
    return { source, export_id: decodeExportId(encoded) };
  } catch {
    return undefined;
  }
}

/** Bytes, without Node's Buffer: workflows read this file. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
