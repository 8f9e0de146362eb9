import type { RandomAccess } from '../archive/random-access.js';
import { createLinkPolicy } from '../export-api/link/link-policy.js';
import { createLinkOpener } from '../export-api/link/open-link.js';
import { createDiskSpool } from '../export-api/link/spool/disk-spool.js';
import { createScratchFolder } from '../export-api/link/spool/scratch-folder.js';

/** A link given by hand is waited for as long as a worker waits by default. */
const LIMITS = { stallMs: 30_000, maxRetries: 3 };

/** An archive behind a URL that somebody has named, wherever it leads; downloaded first where its server has no ranges. @throws FileRefused */
export async function urlAccess(url: string, signal: AbortSignal): Promise<RandomAccess> {
  // Whoever types an address may reach it: nothing here acts for somebody else.
  const policy = createLinkPolicy({ privateHosts: [new URL(url).host] });
  const options = { policy, ...LIMITS };
  const scratch = createScratchFolder(undefined);
  const opener = createLinkOpener({
    sources: {
      of: () => ({
        status: () => Promise.reject(new Error('not asked')),
        page: () => Promise.reject(new Error('not asked')),
        link: () => Promise.resolve({ url }),
      }),
      downloadHosts: () => [],
    },
    options,
    spool: createDiskSpool(options, scratch),
  });
  const file = { ordinal: 0, file_id: 'file', name: 'file' };
  try {
    const access = await opener.open({ source: 'default', export_id: 'inspect' }, file, signal);
    return {
      size: access.size,
      read: (start, end, signal) => access.read(start, end, signal),
      stream: (start, end, signal) => access.stream(start, end, signal),
      close: async () => {
        await access.close();
        policy.close();
        await scratch.remove();
      },
    };
  } catch (error) {
    policy.close();
    await scratch.remove();
    throw error;
  }
}
