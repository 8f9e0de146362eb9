import type { BackgroundService } from '../../pipeline.js';
import type { CallKind } from '../export-api/client/call-gate.js';
import type { ExportSources } from '../export-api/sources.js';

/** A process that comes or goes changes the shares within this; the API's own limits hold meanwhile. */
const LOOK_EVERY_MS = 30_000;

/**
 * Keeps this process's part of each API's rate right: the share of its kind of calls is divided by the processes that live.
 *
 * @param look who makes such calls
 */
export function createRateShare(
  kind: CallKind,
  look: () => Promise<{ alive: readonly unknown[] }>,
  sources: Pick<ExportSources, 'setProcesses'>,
): BackgroundService {
  let timer: NodeJS.Timeout | undefined;
  const share = (): void => {
    // Unheard while Temporal is away: the shares stay.
    look().then(
      ({ alive }) => sources.setProcesses(kind, alive.length),
      () => undefined,
    );
  };
  return {
    start() {
      share();
      timer = setInterval(share, LOOK_EVERY_MS);
      timer.unref();
    },
    close: () => clearInterval(timer),
  };
}
