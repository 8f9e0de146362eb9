import { RecentMap } from '../../../../platform/recent-map.js';
import type { DownloadLink } from '../export-source.js';
import type { ListedLinks } from './asking.js';

/** Ten full pages, some 20 MB at most. */
const MOST_LINKS = 10_000;

export function createListedLinks(): ListedLinks {
  const links = new RecentMap<DownloadLink | undefined>(MOST_LINKS);
  const keyOf = (exportId: string, fileId: string): string => JSON.stringify([exportId, fileId]);
  return {
    keep: (exportId, fileId, link) => links.set(keyOf(exportId, fileId), link),
    take(exportId, fileId) {
      const key = keyOf(exportId, fileId);
      const link = links.get(key);
      if (link !== undefined) links.set(key, undefined);
      // One that waited in the list for longer than it is good for.
      return link?.expiresAt !== undefined && Date.parse(link.expiresAt) < Date.now() ? undefined : link;
    },
  };
}
