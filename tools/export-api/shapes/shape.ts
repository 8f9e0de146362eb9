import type { IncomingHttpHeaders } from 'node:http';
import type { Page, ServedFile, StatusView } from '../catalogue.js';
import type { RequestKind } from '../request-log.js';

/** What a request asks for. */
export interface Call {
  kind: RequestKind;
  exportId?: string;
  fileId?: string;
  /** A cursor, or a number of files to leave out. */
  from?: string | number;
  limit?: number;
}

export interface Link {
  url: string;
  expiresAt: string;
  headers?: Record<string, string>;
}

/** What a client has to show; a shape uses what its own kind of API asks for. */
export interface Credentials {
  token: string;
  clientId: string;
  clientSecret: string;
}

export interface Answer {
  json: unknown;
  headers?: Record<string, string>;
}

/** How one API says what all of them say. */
export interface Shape {
  /** @param path segments of the path, decoded. @returns undefined where there is nothing of the name */
  read: (method: string, path: readonly string[], query: URLSearchParams) => Call | undefined;
  authorized: (headers: IncomingHttpHeaders, credentials: Credentials) => boolean;
  status: (view: StatusView) => Answer;
  /** @param link of a file, where the listing has links; @param origin of the API */
  page: (page: Page, call: Call, link: (file: ServedFile) => Link | undefined, origin: string) => Answer;
  file: (file: ServedFile, link: Link) => Answer;
}

export const bearer = (headers: IncomingHttpHeaders): string | undefined =>
  /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];

/** A whole number of a query, or `NaN` where it is something else. */
export function numberOf(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  return /^\d{1,9}$/.test(text) ? Number(text) : NaN;
}

/** Leaves out what is undefined. */
export function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
