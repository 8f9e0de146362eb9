import type { RequestKind } from './request-log.js';

/** One thing that goes wrong with an answer; several fit into one. Bytes count from the body's start. */
export interface Fault {
  /** Instead of the answer. */
  status?: number;
  /** Problem code of `status`. Default: what the contract has for it. */
  code?: string;
  retryAfterSeconds?: number;
  /** `Retry-After` as an HTTP date instead of seconds. */
  retryAfterAsDate?: boolean;
  /** Further headers of the answer, in lower case; an empty text leaves a download's own one out. */
  headers?: Record<string, string>;
  /** Instead of the body: not JSON, JSON that ends too early, JSON of another shape, a page for people. */
  body?: 'text' | 'cut' | 'other_shape' | 'html';
  delayMs?: number;
  /** No answer before it settles. */
  heldUntil?: Promise<unknown>;
  /** The connection ends before an answer. */
  reset?: boolean;
  /** No answer, ever. */
  hang?: boolean;
  redirectTo?: string;

  /** Of listings: the next cursor is the one that was asked with, or the first page's. */
  repeatCursor?: boolean;
  /** Of listings: nothing on this page, and its own cursor's place again under a new cursor. */
  emptyPage?: boolean;

  /** Of downloads: the connection ends after so many bytes. */
  cutAfterBytes?: number;
  /** Of downloads: nothing more comes after so many bytes, and the connection stays. */
  stallAfterBytes?: number;
  bytesPerSecond?: number;
  /** Of downloads: a 206 of fewer bytes than were asked for, and truthful about it. */
  shortByBytes?: number;
  /** Of downloads: a 206 that states and sends another place. */
  shiftRangeBytes?: number;
  /** Of downloads: 200 and everything, whatever range was asked for. */
  ignoreRange?: boolean;
  /** Of downloads: a byte of the file that is turned over. */
  flipByteAt?: number;
  etag?: string;
}

/** Which answers go wrong. */
export interface FaultRule {
  on: RequestKind;
  exportId?: string;
  fileId?: string;
  /** Matching requests that are left alone first. Default 0. */
  skip?: number;
  /** Matching requests that go wrong. Default 1. */
  times?: number;
  /** Of downloads: only once the file has given away so many bytes. */
  afterBytes?: number;
  fault: Fault;
  /** Called when it strikes, before the answer. */
  onHit?: () => void;
}

export interface FaultTarget {
  kind: RequestKind;
  exportId: string | undefined;
  fileId: string | undefined;
  /** Bytes of the file that were served before. */
  bytesServed: number;
}

/** Rules in the order in which they were given; the first one that fits strikes. */
export class Faults {
  #rules: { rule: FaultRule; seen: number; hits: number }[] = [];

  /** @returns how often it has struck */
  add(rule: FaultRule): () => number {
    const kept = { rule, seen: 0, hits: 0 };
    this.#rules.push(kept);
    return () => kept.hits;
  }

  clear(): void {
    this.#rules = [];
  }

  strike(target: FaultTarget): Fault | undefined {
    for (const kept of this.#rules) {
      const { rule } = kept;
      if (!fits(rule, target) || kept.hits >= (rule.times ?? 1)) continue;
      kept.seen += 1;
      if (kept.seen <= (rule.skip ?? 0)) continue;
      kept.hits += 1;
      rule.onHit?.();
      return rule.fault;
    }
    return undefined;
  }
}

function fits(rule: FaultRule, { kind, exportId, fileId, bytesServed }: FaultTarget): boolean {
  return (
    rule.on === kind &&
    (rule.exportId === undefined || rule.exportId === exportId) &&
    (rule.fileId === undefined || rule.fileId === fileId) &&
    bytesServed >= (rule.afterBytes ?? 0)
  );
}

/** The fault that a client asks for in the header `X-Fault`, as JSON: for a look by hand. */
export function faultOfHeader(header: string | undefined): Fault | undefined {
  return header === undefined ? undefined : (JSON.parse(header) as Fault);
}
