import type { IncomingHttpHeaders } from 'node:http';
import { ApiAnswerInvalid } from '../../errors.js';
import { COUNT, CURSOR, FLAG, optional, wrong, type Answer } from './answer-fields.js';
import { valueAt } from './json-pointer.js';
import type { Paging, SourceShape } from './source-shape.js';

/** As long as a request line has room for, and workflows keep it between two activities. */
const MAX_CURSOR_CHARACTERS = 4096;

/** Where a page is asked for: parameters besides the path's own, or an address of its own on the API. */
export type PageRequest = { query: Record<string, string> } | { relative: string };

/** @param cursor as `nextCursor` gave it; undefined for the first page */
export function pageRequest(shape: SourceShape['files'], cursor: string | undefined): PageRequest {
  const { paging, page_size: size, page_size_parameter: sizeParameter } = shape;
  const query: Record<string, string> = sizeParameter === undefined ? {} : { [sizeParameter]: String(size) };
  switch (paging.type) {
    case 'cursor':
    case 'header':
      return { query: { ...query, ...(cursor !== undefined && { [paging.parameter]: cursor }) } };
    case 'next_link':
    case 'link_header':
      return cursor === undefined ? { query } : { relative: cursor };
    case 'page':
      return { query: { ...query, [paging.parameter]: cursor ?? String(paging.first) } };
    case 'offset':
      return { query: { ...query, [paging.parameter]: cursor ?? '0' } };
    case 'none':
      return { query };
  }
}

/** An answer to a page's call, with what says where it stands. */
export interface PageAnswer {
  answer: Answer;
  headers: IncomingHttpHeaders;
  /** Of the call, against which links are resolved. */
  url: URL;
  /** Files in it. */
  files: number;
  /** What it was asked with. */
  cursor: string | undefined;
}

/**
 * What the next page is asked with; undefined at the end.
 *
 * @throws ApiAnswerInvalid when it is none, or leads to another origin
 */
export function nextCursor(paging: Paging, page: PageAnswer): string | undefined {
  const next = nextOf(paging, page);
  if (next !== undefined && next.length > MAX_CURSOR_CHARACTERS) {
    throw new ApiAnswerInvalid(
      `${page.answer.where}: the next cursor has ${next.length} characters, expected at most ${MAX_CURSOR_CHARACTERS}.`,
    );
  }
  return next;
}

function nextOf(paging: Paging, page: PageAnswer): string | undefined {
  const { answer, headers, files, cursor } = page;
  switch (paging.type) {
    case 'cursor': {
      if (paging.always_there && valueAt(answer.root, paging.next) === undefined) {
        throw wrong(answer, paging.next, 'nothing', CURSOR.expects);
      }
      return unlessEmpty(optional(answer, paging.next, CURSOR));
    }
    case 'header': {
      const value = headers[paging.header];
      return typeof value === 'string' && !paging.end.includes(value) ? value : undefined;
    }
    case 'next_link': {
      const link = unlessEmpty(optional(answer, paging.next, CURSOR));
      return link === undefined ? undefined : ownAddress(link, page);
    }
    case 'link_header': {
      const link = nextOfLinkHeader(headers['link']);
      return link === undefined ? undefined : ownAddress(link, page);
    }
    case 'page': {
      const number = Number(cursor ?? paging.first);
      const total = optional(answer, paging.total_pages, COUNT);
      const last = total === undefined ? undefined : number >= total - 1 + paging.first;
      return isLast(last, paging.more, page) ? undefined : String(number + 1);
    }
    case 'offset': {
      const after = Number(cursor ?? 0) + files;
      const total = optional(answer, paging.total, COUNT);
      // Without a file of its own a page would be asked for again and again.
      const last = files === 0 || (total === undefined ? undefined : after >= total);
      return isLast(last, paging.more, page) ? undefined : String(after);
    }
    case 'none':
      return undefined;
  }
}

const unlessEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** A page with fewer files than asked for is no end: a server may give fewer than it is asked for. */
function isLast(last: boolean | undefined, more: string | undefined, { answer, files }: PageAnswer): boolean {
  if (last === true) return true;
  if (more !== undefined) return optional(answer, more, FLAG) !== true;
  return last ?? files === 0;
}

/** The path and query of a link within the API; credentials go to no other origin. */
function ownAddress(link: string, { answer: { where }, url }: PageAnswer): string {
  if (!URL.canParse(link, url.href)) throw new ApiAnswerInvalid(`${where}: the next link is no address.`);
  const target = new URL(link, url);
  // A server behind a proxy that ends TLS often does not know that it is asked by https; the base's scheme is used.
  const isOwn = target.origin === url.origin || (target.protocol === 'http:' && target.host === url.host);
  if (!isOwn) {
    throw new ApiAnswerInvalid(
      `${where}: the next link leads to ${target.origin}, expected ${url.origin} or a relative link.`,
    );
  }
  return target.pathname + target.search;
}

const LINK = /<([^>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]+))?)*)/g;
const PARAMETER = /;\s*([\w*-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s",;]+)))?/g;

/** The target of `rel="next"` in an RFC 8288 header; commas and semicolons may stand within addresses and quotes. */
function nextOfLinkHeader(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  for (const [, target, parameters = ''] of text.matchAll(LINK)) {
    const rel = [...parameters.matchAll(PARAMETER)].find(([, name]) => name!.toLowerCase() === 'rel');
    const relations = (rel?.[2] ?? rel?.[3] ?? '').toLowerCase().split(/\s+/);
    if (relations.includes('next')) return target;
  }
  return undefined;
}
