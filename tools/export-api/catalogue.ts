import type { Content } from './content.js';
import { Problem } from './problem.js';

export type ExportState = 'queued' | 'processing' | 'ready' | 'failed' | 'expired' | 'cancelled';

export interface ServedFile {
  id: string;
  name: string;
  content: Content;
  /** Stated instead of the true size; `null` leaves it out. */
  size?: number | null;
  checksum?: { algorithm: string; value: string };
  entryCount?: number;
  modifiedAt?: string;
  /** `none`: Range is ignored. Default: ranges. */
  ranges?: 'yes' | 'none';
  /** Default: strong. */
  etag?: 'strong' | 'weak' | 'none';
}

export interface ServedExport {
  id: string;
  files: readonly ServedFile[];
  /** Default: `ready`, after `readyAfterPolls` and `readyAfterMs`. */
  state?: ExportState;
  /** Looks at its state that find it queued or processing. Default 0. */
  readyAfterPolls?: number;
  /** Since it was added. Default 0. */
  readyAfterMs?: number;
  /** What a look at an export that is not ready tells to wait. */
  pollAfterSeconds?: number;
  expiresAt?: string;
  error?: { code: string; message: string };
  /** Answers 403 to everything about it. */
  forbidden?: boolean;
  /** Files a page at the most, however many are asked for. Default 1000. */
  pageSize?: number;
  /** Pages, counted from 0, that hold nothing and have a next cursor. */
  emptyPages?: readonly number[];
  /** Links of its files stand in the listing too. Default: they are asked for. */
  linksInListing?: boolean;
}

export interface Page {
  files: ServedFile[];
  /** Undefined at the end. */
  next: string | undefined;
  /** Of this page itself. */
  cursor: string;
  total: number;
}

export interface StatusView {
  id: string;
  state: ExportState;
  createdAt: string;
  readyAt?: string;
  expiresAt?: string;
  fileCount: number;
  totalBytes: number;
  pollAfterSeconds?: number;
  error?: { code: string; message: string };
}

interface Kept {
  spec: ServedExport;
  files: ServedFile[];
  addedAtMs: number;
  polls: number;
  /** Cursors of earlier generations have expired. */
  generation: number;
  acknowledgement?: string;
}

/** What the API has, and what it says of it. Times are the server's clock. */
export class Catalogue {
  readonly #exports = new Map<string, Kept>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(spec: ServedExport): void {
    this.#exports.set(spec.id, {
      spec,
      files: [...spec.files],
      addedAtMs: this.#now(),
      polls: 0,
      generation: 0,
    });
  }

  /** Replaces what was said when it was added, e.g. its state. */
  change(id: string, change: Partial<Omit<ServedExport, 'id' | 'files'>>): void {
    const kept = this.#kept(id);
    kept.spec = { ...kept.spec, ...change };
  }

  /** Other bytes, and so another entity tag, under a file's id. */
  replaceFile(id: string, fileId: string, change: Partial<Omit<ServedFile, 'id'>>): void {
    const kept = this.#kept(id);
    kept.files = kept.files.map((file) => (file.id === fileId ? { ...file, ...change } : file));
  }

  /** As after a restart of the API: earlier cursors have expired, and files are listed in another order. */
  relist(id: string, order: (files: readonly ServedFile[]) => readonly ServedFile[]): void {
    const kept = this.#kept(id);
    kept.files = [...order(kept.files)];
    kept.generation += 1;
  }

  remove(id: string): void {
    this.#exports.delete(id);
  }

  /** @throws Problem 404, 403 */
  look(id: string): StatusView {
    const kept = this.#kept(id);
    const state = this.#state(kept);
    kept.polls += 1;
    const { spec, files, addedAtMs } = kept;
    return {
      id,
      state,
      createdAt: new Date(addedAtMs).toISOString(),
      ...(state === 'ready' && { readyAt: new Date(addedAtMs + (spec.readyAfterMs ?? 0)).toISOString() }),
      ...(spec.expiresAt !== undefined && { expiresAt: spec.expiresAt }),
      fileCount: files.length,
      totalBytes: files.reduce((sum, { content }) => sum + content.size, 0),
      ...(state !== 'ready' &&
        spec.pollAfterSeconds !== undefined && { pollAfterSeconds: spec.pollAfterSeconds }),
      ...(spec.error !== undefined && { error: spec.error }),
    };
  }

  /**
   * @param from a cursor that was given out, or the number of files before it
   * @throws Problem 404, 403, 409 `not_ready`, 400 `cursor_invalid`, 410 `cursor_expired`
   */
  page(id: string, limit: number, from: string | number | undefined): Page {
    const kept = this.#kept(id);
    const state = this.#state(kept);
    if (state !== 'ready') throw new Problem(409, 'not_ready', `The export is ${state}.`);
    const { generation, page, offset } =
      typeof from === 'string'
        ? readCursor(from)
        : { generation: kept.generation, page: 0, offset: from ?? 0 };
    if (generation !== kept.generation)
      throw new Problem(410, 'cursor_expired', 'The listing has begun again.');
    const empty = kept.spec.emptyPages?.includes(page) === true;
    const size = empty ? 0 : Math.min(limit, kept.spec.pageSize ?? 1000);
    const files = kept.files.slice(offset, offset + size);
    const end = offset + files.length;
    const more = empty || end < kept.files.length;
    const next = more ? writeCursor({ generation, page: page + 1, offset: end }) : undefined;
    const cursor = writeCursor({ generation, page, offset });
    return { files, next, cursor, total: kept.files.length };
  }

  /** @throws Problem 404 `export_unknown` or `file_unknown`, 403 */
  file(id: string, fileId: string): ServedFile {
    const file = this.#kept(id).files.find((one) => one.id === fileId);
    if (file === undefined) throw new Problem(404, 'file_unknown', 'There is no such file in this export.');
    return file;
  }

  linksInListing(id: string): boolean {
    return this.#kept(id).spec.linksInListing === true;
  }

  /** @throws Problem 409 when another result was acknowledged before */
  acknowledge(id: string, result: string): void {
    const kept = this.#kept(id);
    if (kept.acknowledgement !== undefined && kept.acknowledgement !== result)
      throw new Problem(409, 'acknowledged', 'Another result was acknowledged before.');
    kept.acknowledgement = result;
  }

  acknowledgement(id: string): string | undefined {
    return this.#exports.get(id)?.acknowledgement;
  }

  #kept(id: string): Kept {
    const kept = this.#exports.get(id);
    if (kept === undefined) throw new Problem(404, 'export_unknown', 'There is no such export.');
    if (kept.spec.forbidden === true) throw new Problem(403, 'access_denied', 'This export is not yours.');
    return kept;
  }

  #state({ spec, polls, addedAtMs }: Kept): ExportState {
    const { state = 'ready', readyAfterPolls = 0, readyAfterMs = 0 } = spec;
    if (polls >= readyAfterPolls && this.#now() >= addedAtMs + readyAfterMs) return state;
    return polls === 0 ? 'queued' : 'processing';
  }
}

interface Cursor {
  generation: number;
  page: number;
  offset: number;
}

function writeCursor({ generation, page, offset }: Cursor): string {
  return Buffer.from(`${generation}.${page}.${offset}`).toString('base64url');
}

function readCursor(text: string): Cursor {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(Buffer.from(text, 'base64url').toString());
  if (parts === null) throw new Problem(400, 'cursor_invalid', 'This is no cursor of this API.');
  return { generation: Number(parts[1]), page: Number(parts[2]), offset: Number(parts[3]) };
}
