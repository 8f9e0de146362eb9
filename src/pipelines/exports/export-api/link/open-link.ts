import type { IncomingMessage } from 'node:http';
import { strongEtag } from '../../../../objects/download/object-source.js';
import type { RandomAccess } from '../../archive/random-access.js';
import { bytesAccess } from '../../archive/bytes-access.js';
import type { JobRef } from '../../contract/job-ref.js';
import type { ListedFile } from '../../contract/listed-file.js';
import { FileRefused } from '../../errors.js';
import type { ExportSources } from '../sources.js';
import { contentRange, type Version } from './content-range.js';
import { createCurrentLink } from './current-link.js';
import { LinkFailure } from './link-failure.js';
import { checkListedSize } from './listed-size.js';
import {
  askedBytes,
  createRangedLink,
  createTries,
  type Download,
  type LinkOptions,
  type Tail,
} from './ranged-link.js';

/** A file of an export, as the work on it reads it. */
export interface OpenedLink extends SpooledFile {
  /** Bytes so far, also those that were asked for twice. */
  downloaded(): number;
  /** Whether all of its bytes were held against the listing's checksum. */
  readonly isWholeChecked: boolean;
}

/** A file that may be kept somewhere: closed, it can be opened again. */
export interface SpooledFile extends RandomAccess {
  /** Removes what is kept of the file, which is not opened any more. */
  settled(): Promise<void>;
}

export interface LinkOpener {
  /**
   * Asks for a file's link, and for the file's end, which tells its size and what its server can do.
   *
   * @param job with the correlation id of the calls, where there is one
   * @throws FileRefused (`link_refused`, `ranges_refused`, `gone`, `stalled`, `listing_size`, `listing_checksum`), ApiUnavailable,
   * DependencyUnavailable. Reading throws the same, and ArchiveChanged
   */
  open(
    job: JobRef & { correlation_id?: string },
    file: ListedFile,
    signal?: AbortSignal,
  ): Promise<OpenedLink>;
}

/** Keeps a file that cannot be read in place. */
export interface Spool {
  /**
   * @param size as its server states it
   * @throws FileRefused `listing_checksum`, `listing_size`, `stalled` and the like
   */
  keep(
    download: Download,
    job: JobRef,
    file: ListedFile,
    size: number | undefined,
    signal: AbortSignal,
  ): Promise<SpooledFile>;
}

export interface LinkOpenerParts {
  sources: Pick<ExportSources, 'of' | 'downloadHosts'>;
  options: LinkOptions;
  /** Undefined refuses such files. */
  spool: Spool | undefined;
}

/** With the end record and the directory of most archives: nothing more is asked for before contents. */
const TAIL_BYTES = 128 * 1024;

export function createLinkOpener({ sources, options, spool }: LinkOpenerParts): LinkOpener {
  return {
    async open(job, file, signal = new AbortController().signal) {
      const source = sources.of(job.source, job.correlation_id);
      let downloaded = 0;
      const download: Download = {
        link: createCurrentLink(() => source.link(job.export_id, file.file_id)),
        allowedHosts: sources.downloadHosts(job.source),
        onBytes: (bytes) => {
          downloaded += bytes;
        },
      };
      const found = await probe(options, download, signal);
      const access = await accessTo(found);
      // One by one: a spread would copy the methods of a class away.
      return {
        size: access.size,
        read: (start, end, aborts) => access.read(start, end, aborts),
        stream: (start, end, aborts) => access.stream(start, end, aborts),
        close: () => access.close(),
        settled: () => ('settled' in access ? access.settled() : Promise.resolve()),
        downloaded: () => downloaded,
        isWholeChecked: 'settled' in access,
      };

      async function accessTo(answer: Probed): Promise<RandomAccess | SpooledFile> {
        if (answer.size !== undefined) checkListedSize(file, answer.size);
        if (answer.size === 0) return bytesAccess(Buffer.alloc(0));
        if (answer.version !== undefined)
          return createRangedLink(options, download, answer.version, answer.tail);
        if (spool !== undefined) return await spool.keep(download, job, file, answer.size, signal);
        throw new FileRefused(
          'ranges_refused',
          `The server has ${answer.lacks}, and EXPORT_SPOOL is refuse.`,
        );
      }
    },
  };
}

/** What the first answer says of a file. */
interface Probed {
  size: number | undefined;
  /** Undefined where the file cannot be read in place, since the server lacks something. */
  version: Version | undefined;
  lacks: string;
  tail: Tail | undefined;
}

const FORMS = [`bytes=-${TAIL_BYTES}`, 'bytes=0-0'] as const;

async function probe(options: LinkOptions, download: Download, signal: AbortSignal): Promise<Probed> {
  const tries = createTries(options);
  // Some servers have ranges, but none that count from the end.
  let [form] = FORMS as readonly string[];
  for (;;) {
    try {
      const probed = await probeOnce(options, download, form!, signal);
      if (probed !== undefined) return probed;
      form = FORMS[1];
    } catch (error) {
      if (form === FORMS[0] && isUnknownForm(error)) form = FORMS[1];
      else await tries.failed(error, signal);
    }
  }
}

/** What a server says that knows no range from the end, and what others say of a link that they refuse. */
function isUnknownForm(error: unknown): boolean {
  return error instanceof LinkFailure && (error.status === 400 || error.status === 501);
}

/** @returns undefined where another form of range may be understood */
async function probeOnce(
  options: LinkOptions,
  download: Download,
  range: string,
  signal: AbortSignal,
): Promise<Probed | undefined> {
  let probed: Probed | undefined;
  let start = 0;
  const bytes: Buffer[] = [];
  const body = askedBytes(options, download, { range }, signal, (response) => {
    const read = readProbe(response, range);
    probed = read?.probed;
    start = read?.start ?? 0;
    return read?.wanted ?? 0;
  });
  try {
    for await (const chunk of body) bytes.push(chunk);
  } catch (error) {
    // A tail that broke off is read again when it is needed.
    if (probed === undefined || signal.aborted) throw error;
    bytes.length = 0;
  }
  const tail = Buffer.concat(bytes);
  if (probed?.version === undefined || start + tail.length !== probed.size) return probed;
  return { ...probed, tail: { start, bytes: tail } };
}

function readProbe(
  { statusCode: status, headers }: IncomingMessage,
  asked: string,
): { probed: Probed; start: number; wanted: number } | undefined {
  const etag = strongEtag(headers.etag);
  const range = contentRange(headers['content-range']);
  const last = asked === FORMS[1];
  if (status === 206 && range?.end !== undefined && range.size !== undefined) {
    const { start, end, size } = range;
    if (etag === undefined) return without('no strong ETag', size);
    const isTail = end === size;
    return {
      probed: { size, version: { size, etag }, lacks: '', tail: undefined },
      start,
      wanted: isTail ? end - start : 0,
    };
  }
  if (status === 416 && range?.size === 0) return without('no bytes', 0);
  // `Accept-Ranges` promises ranges, of another form.
  if (!last && (status !== 200 || headers['accept-ranges'] === 'bytes')) return undefined;
  const length = headers['content-length'];
  return without('no ranges', status === 200 && length !== undefined ? Number(length) : undefined);
}

const without = (
  lacks: string,
  size: number | undefined,
): { probed: Probed; start: number; wanted: number } => ({
  probed: { size, version: undefined, lacks, tail: undefined },
  start: 0,
  wanted: 0,
});
