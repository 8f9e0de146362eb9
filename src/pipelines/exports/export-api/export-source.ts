import type { FileChecksum } from '../contract/listed-file.js';

/** The states of the default contract; adapters map other APIs' to these. */
export const EXPORT_STATES = ['queued', 'processing', 'ready', 'failed', 'expired', 'cancelled'] as const;
export type ExportState = (typeof EXPORT_STATES)[number];

export interface ExportStatus {
  state: ExportState;
  createdAt?: string;
  expiresAt?: string;
  fileCount?: number;
  totalBytes?: number;
  /** When the API wants to be asked again. */
  pollAfterSeconds?: number;
  error?: { code: string; message: string };
}

export interface ApiFile {
  id: string;
  name: string;
  size?: number;
  checksum?: FileChecksum;
  entryCount?: number;
  modifiedAt?: string;
}

export interface FilePage {
  files: readonly ApiFile[];
  /** Undefined at the end. */
  next: string | undefined;
}

/** Where a file's bytes are, for a while. A secret: never logged, never in a history or a message. */
export interface DownloadLink {
  url: string;
  expiresAt?: string;
  headers?: Readonly<Record<string, string>>;
}

/** One Export API, whatever its shape. */
export interface ExportSource {
  /** @throws ApiUnavailable (retryable, with `retryAfterMs`), JobRefused (`export_unknown`, `access_denied`) */
  status(exportId: string, signal?: AbortSignal): Promise<ExportStatus>;
  /** @throws ApiUnavailable, JobRefused, CursorExpired (begin again), ExportNotReady */
  page(exportId: string, cursor: string | undefined, signal?: AbortSignal): Promise<FilePage>;
  /** A fresh link. @throws ApiUnavailable, FileRefused (`gone`, `link_refused`) */
  link(exportId: string, fileId: string, signal?: AbortSignal): Promise<DownloadLink>;
  /** Tells the API that the job has ended; undefined where it does not want to know. */
  acknowledge?(
    exportId: string,
    result: { result: 'succeeded' | 'partial' | 'failed'; result_url: string },
    signal?: AbortSignal,
  ): Promise<void>;
}
