/** How hard an object is tried for, and where it ends. */
export interface DownloadOptions {
  /** Objects beyond this are refused, by their stated length or while they stream. */
  maxBytes: number;
  /** Downloads of this process at one time; the others wait their turn. */
  maxConcurrency: number;
  /** To have a connection, and with S3 the first answer. */
  connectTimeoutMs: number;
  /** Between one chunk and the next. */
  silenceTimeoutMs: number;
  /** One attempt in all. */
  attemptTimeoutMs: number;
  /** Attempts after the first. */
  maxRetries: number;
  /** The first wait lies between zero and this, the next up to twice it, and so on. */
  backoffBaseMs: number;
}
