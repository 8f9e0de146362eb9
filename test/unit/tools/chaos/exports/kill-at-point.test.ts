import { killAtPoint } from '../../../../../tools/chaos/exports/faults/kill-at-point.js';
import type { ExportsSite } from '../../../../../tools/chaos/exports/faults/site.js';
import { KILL_POINT_NAMES, type KillPoint } from '../../../../../tools/chaos/exports/kill-points.js';
import { randomFrom } from '../../../../../tools/chaos/random.js';

/** A gate at which `worker-1` comes by every point at once, or nobody does. */
function siteOf({
  points,
  hits = {},
  armed = [],
  nobodyComes = false,
}: {
  points: readonly KillPoint[];
  hits?: Partial<Record<KillPoint, number>>;
  armed?: readonly KillPoint[];
  nobodyComes?: boolean;
}): { site: ExportsSite; done: string[] } {
  const done: string[] = [];
  const site: Partial<ExportsSite> = {
    killPoints: points,
    gate: {
      meet: () => undefined,
      arm(point) {
        done.push(`armed ${point}`);
        return { killed: Promise.resolve(nobodyComes ? undefined : 'worker-1'), disarm: () => undefined };
      },
      isArmed: (point) => armed.includes(point),
      disarmAll: () => undefined,
      hits: () => ({
        ...(Object.fromEntries(KILL_POINT_NAMES.map((point) => [point, 0])) as Record<KillPoint, number>),
        ...hits,
      }),
    },
    exports: {
      sendLate: (wish?: string) => {
        done.push(`sent ${wish ?? 'any'}`);
        return Promise.resolve(1);
      },
    } as ExportsSite['exports'],
  };
  return { site: site as ExportsSite, done };
}

const inject = ({ site }: { site: ExportsSite }): Promise<string | undefined> =>
  killAtPoint.inject(site, randomFrom(1));

test('a point is armed before a job that comes by it is sent', async () => {
  const there = siteOf({ points: ['half_sent'] });
  expect(await inject(there)).toBe('worker-1 at half_sent');
  expect(there.done).toEqual(['armed half_sent', 'sent many']);
});

test('the point that was met least has its turn, and of those one that only some jobs come by', async () => {
  const points = ['before_settle', 'mid_entry', 'before_delete'] as const;
  expect(await inject(siteOf({ points }))).toBe('worker-1 at mid_entry');
  expect(await inject(siteOf({ points, hits: { mid_entry: 1, before_delete: 1 } }))).toBe(
    'worker-1 at before_settle',
  );
});

test('nothing took place where every point is armed already, or nobody came by', async () => {
  const armed = siteOf({ points: ['before_settle'], armed: ['before_settle'] });
  expect(await inject(armed)).toBeUndefined();
  expect(armed.done).toEqual([]);
  expect(await inject(siteOf({ points: ['before_settle'], nobodyComes: true }))).toBeUndefined();
});
