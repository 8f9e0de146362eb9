export const REQUEST_KINDS = [
  'status',
  'files',
  'file',
  'download',
  'acknowledgement',
  'token',
  'other',
] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** One request, once its answer has ended. */
export interface RequestRecord {
  kind: RequestKind;
  exportId: string | undefined;
  fileId: string | undefined;
  /** 0 where there was no answer. */
  status: number;
  /** Of the body, as far as it was sent. */
  bytes: number;
  range: string | undefined;
  /** Whether it carried an `Authorization` header. */
  authorized: boolean;
  correlationId: string | undefined;
  atMs: number;
}

export interface Counts {
  requests: Record<RequestKind, number>;
  /** Bodies of downloads. */
  downloadedBytes: number;
  byStatus: Record<string, number>;
}

/** What was asked, for tests and ledgers. */
export class RequestLog {
  readonly records: RequestRecord[] = [];
  readonly #served = new Map<string, number>();

  add(record: RequestRecord): void {
    this.records.push(record);
  }

  addBytes(exportId: string, fileId: string, bytes: number): void {
    const key = `${exportId}\n${fileId}`;
    this.#served.set(key, (this.#served.get(key) ?? 0) + bytes);
  }

  /** Bytes of a file's content that were sent, all requests together. */
  served(exportId: string, fileId: string): number {
    return this.#served.get(`${exportId}\n${fileId}`) ?? 0;
  }

  counts(): Counts {
    const requests = Object.fromEntries(REQUEST_KINDS.map((kind) => [kind, 0])) as Counts['requests'];
    const byStatus: Counts['byStatus'] = {};
    for (const { kind, status } of this.records) {
      requests[kind] += 1;
      byStatus[status] = (byStatus[status] ?? 0) + 1;
    }
    const downloadedBytes = [...this.#served.values()].reduce((sum, bytes) => sum + bytes, 0);
    return { requests, downloadedBytes, byStatus };
  }
}
