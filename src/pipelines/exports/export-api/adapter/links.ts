import {
  ApiAnswerInvalid,
  CursorExpired,
  ExportNotReady,
  FileRefused,
  JobRefused,
  ApiUnavailable,
} from '../../errors.js';
import { createCursorGuard } from '../cursor-guard.js';
import type { DownloadLink } from '../export-source.js';
import { answerOf, ask, refusalOf, urlOf, type ApiSourceParts } from './asking.js';
import { linkOf } from './link-fields.js';
import { readPage } from './pages.js';
import { linkRefusal } from './refusals.js';

const LINK_STATUSES: readonly number[] = [200, 203];

/** A fresh link, with the API's credentials where its own origin has the bytes. @throws ApiUnavailable, FileRefused */
export async function readLink(
  parts: ApiSourceParts,
  exportId: string,
  fileId: string,
  signal: AbortSignal | undefined,
): Promise<DownloadLink> {
  const link = await bareLink(parts, exportId, fileId, signal);
  const credentials = await parts.client.credentialsFor(new URL(link.url), signal);
  return { ...link, headers: { ...credentials, ...link.headers } };
}

async function bareLink(
  parts: ApiSourceParts,
  exportId: string,
  fileId: string,
  signal: AbortSignal | undefined,
): Promise<DownloadLink> {
  const shape = parts.shape.link;
  const url = (path: string): URL => urlOf(parts, 'link', path, { export_id: exportId, file_id: fileId });
  switch (shape.from) {
    case 'path':
      return { url: url(shape.path).href };
    case 'endpoint': {
      const asked = url(shape.path);
      const called = await ask(parts, 'link', asked, signal);
      if (!LINK_STATUSES.includes(called.status)) {
        throw linkRefusal(refusalOf(parts, 'link', called), shape.not_found);
      }
      return linkOf(answerOf(parts, 'link', called), shape, asked);
    }
    case 'redirect': {
      const asked = url(shape.path);
      const called = await ask(parts, 'link', asked, signal, { wantsRedirect: true });
      const { location } = called.headers;
      const redirects = called.status >= 300 && called.status < 400 && location !== undefined;
      if (called.status === 200) {
        throw new ApiAnswerInvalid(
          `${parts.name}, asked for a download link, answers 200, expected a redirect.`,
        );
      }
      if (!redirects) throw linkRefusal(refusalOf(parts, 'link', called), shape.not_found);
      if (!URL.canParse(location, asked.href)) {
        throw new ApiAnswerInvalid(`${parts.name}, asked for a download link, redirects to no address.`);
      }
      return { url: new URL(location, asked).href };
    }
    case 'listing':
      return parts.listed.take(exportId, fileId) ?? (await searchListing(parts, exportId, fileId, signal));
  }
}

/** Pages through the listing until the file comes by; links of others on the way are kept for their turn. */
async function searchListing(
  parts: ApiSourceParts,
  exportId: string,
  fileId: string,
  signal: AbortSignal | undefined,
): Promise<DownloadLink> {
  const guard = createCursorGuard();
  let cursor: string | undefined;
  try {
    do {
      // By a worker: the pages are of its links' share.
      const page = await readPage({ ...parts, share: 'link' }, exportId, cursor, signal);
      if (page.links.has(fileId)) {
        const link = page.links.get(fileId);
        if (link !== undefined) parts.listed.take(exportId, fileId);
        return link ?? withoutLink(parts);
      }
      guard.see(page);
      cursor = page.next;
    } while (cursor !== undefined);
  } catch (error) {
    throw asLinkError(error);
  }
  throw new FileRefused('gone', `${parts.name} lists the file no more.`);
}

function withoutLink({ name }: ApiSourceParts): never {
  throw new FileRefused('link_refused', `${name} lists the file without an http or https address.`);
}

/** What a listing's refusals mean for one file. */
function asLinkError(error: unknown): unknown {
  if (error instanceof JobRefused) {
    const reason = error.reason === 'access_denied' ? 'link_refused' : 'gone';
    return new FileRefused(reason, error.message, { cause: error });
  }
  if (error instanceof CursorExpired || error instanceof ExportNotReady) {
    return new ApiUnavailable(error.message, undefined, { cause: error });
  }
  return error;
}
