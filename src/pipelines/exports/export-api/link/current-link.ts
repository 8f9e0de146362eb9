import { unlessAborted } from '../../../../platform/time/abort.js';
import type { DownloadLink } from '../export-source.js';

/** A file's link while it is of use. */
export interface CurrentLink {
  /** One that has not expired; asks for a fresh one where it is about to. @throws what the source throws */
  get(signal: AbortSignal): Promise<UsableLink>;
  /** Called with a link that a server refused: the next `get` brings another one. */
  refused(link: UsableLink): void;
}

export interface UsableLink {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Where its redirects led to; asked first from then on. */
  target: URL;
}

/** A link is renewed so long before its end, or at half of a shorter life: a range is asked for in time, however slow its server. */
const RENEW_BEFORE_MS = 30_000;
/** One whose end is nearer than this, or past, is measured by another clock: it is used until it is refused. */
const SHORTEST_LIFE_MS = 2_000;

/** @param ask for a fresh link, within a time of its own */
export function createCurrentLink(ask: () => Promise<DownloadLink>): CurrentLink {
  let current: (UsableLink & { until: number }) | undefined;
  let asking: Promise<UsableLink> | undefined;
  const renew = async (): Promise<UsableLink> => {
    const { url, headers = {}, expiresAt } = await ask();
    const parsed = new URL(url);
    parsed.hash = '';
    current = { url: parsed, headers, target: parsed, until: usableUntil(expiresAt) };
    return current;
  };
  return {
    async get(signal) {
      if (current !== undefined && performance.now() < current.until) return current;
      // Streams of one file go on together: one asks for all of them, and ends for none of them.
      asking ??= renew().finally(() => {
        asking = undefined;
      });
      return unlessAborted(asking, signal);
    },
    refused(link) {
      if (current?.url !== link.url) return;
      // A redirect's target may have expired before the link itself.
      if (current.target !== current.url) current.target = current.url;
      else current = undefined;
    },
  };
}

/** By this process's running time, which no change of the clock moves. */
function usableUntil(expiresAt: string | undefined): number {
  const lifeMs = expiresAt === undefined ? Infinity : Date.parse(expiresAt) - Date.now();
  if (!(lifeMs > SHORTEST_LIFE_MS)) return Infinity;
  return performance.now() + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2);
}
