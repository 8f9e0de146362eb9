import { ApiAnswerInvalid, FileRefused } from '../../errors.js';
import type { ApiFile, DownloadLink, FilePage } from '../export-source.js';
import { checksumOf, COUNT, ID, LIST, NAME, optional, required, TIME, type Answer } from './answer-fields.js';
import { answerOf, ask, refusalOf, urlOf, type ApiSourceParts } from './asking.js';
import { withoutAbsent } from './absent.js';
import { linkOf } from './link-fields.js';
import { nextCursor, pageRequest } from './paging.js';
import { pageRefusal } from './refusals.js';

/** A page, and the links of its files where the listing has them. */
export interface LinkedPage extends FilePage {
  /** Undefined of a file that is listed without one, or with one that is none. */
  links: ReadonlyMap<string, DownloadLink | undefined>;
}

/** Some servers call a page of several a part of the content. */
const PAGE_STATUSES: readonly number[] = [200, 203, 206];

/** @throws ApiUnavailable, JobRefused, CursorExpired, ExportNotReady */
export async function readPage(
  parts: ApiSourceParts,
  exportId: string,
  cursor: string | undefined,
  signal: AbortSignal | undefined,
): Promise<LinkedPage> {
  const shape = parts.shape.files;
  const request = pageRequest(shape, cursor);
  const url =
    'relative' in request
      ? // Not relative to the base: a path that begins with two slashes would name another host.
        new URL(parts.base.origin + request.relative)
      : urlOf(parts, 'page', shape.path, { export_id: exportId }, request.query);
  const called = await ask(parts, 'page', url, signal);
  if (!PAGE_STATUSES.includes(called.status)) {
    const refusal = refusalOf(parts, 'page', called);
    const notFound = shape.not_found === 'empty' ? 'export_unknown' : shape.not_found;
    if (called.status === 404 && shape.not_found === 'empty' && cursor === undefined) return NO_FILES;
    throw pageRefusal(refusal, cursor, notFound);
  }
  const answer = answerOf(parts, 'page', called);
  const items = required(answer, shape.items, LIST);
  const links = new Map<string, DownloadLink | undefined>();
  const files = items.map((item, index) => {
    const of: Answer = { ...answer, root: item, at: `${shape.items}/${index}` };
    const file = fileOf(of, parts);
    if (parts.shape.link.from === 'listing') links.set(file.id, linkIfAny(of, parts.shape.link, url));
    return file;
  });
  const page = { answer, headers: called.headers, url, files: files.length, cursor };
  const next = nextCursor(shape.paging, page);
  for (const [fileId, link] of links) if (link !== undefined) parts.listed.keep(exportId, fileId, link);
  return { files, next, links };
}

const NO_FILES: LinkedPage = { files: [], next: undefined, links: new Map() };

/** A link is its own file's matter: it is missed when that file's turn comes, and costs no other one. */
function linkIfAny(...given: Parameters<typeof linkOf>): DownloadLink | undefined {
  try {
    return linkOf(...given);
  } catch (error) {
    if (error instanceof ApiAnswerInvalid || error instanceof FileRefused) return undefined;
    throw error;
  }
}

function fileOf(item: Answer, { shape: { files: shape } }: ApiSourceParts): ApiFile {
  return withoutAbsent({
    id: required(item, shape.id, ID),
    name: required(item, shape.name, NAME),
    size: optional(item, shape.size, COUNT),
    checksum: checksumOf(item, shape.checksum),
    entryCount: optional(item, shape.entry_count, COUNT),
    modifiedAt: optional(item, shape.modified_at, TIME),
  });
}
