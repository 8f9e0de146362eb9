import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSoak } from '../../src/dev/chaos/soak/run-soak.js';
import { SERIES } from '../../src/dev/chaos/soak/sample.js';
import { projectRoot } from '../../src/dev/stack/folders.js';

const STORY_MS = 600_000;

test(
  'a soak of one minute samples everything that must not grow, and scores all that arrived',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vachan-soak-'));
    const soak = await startSoak({
      ...{ command: '', minutes: 1, perMinute: 60, gapSeconds: 15, seed: 1, workers: 1 },
      ...{ maxReceiveCount: 8, distFolder: join(projectRoot(), 'dist'), settings: {} },
      ...{ folder, environment: process.env, log: () => undefined },
    });
    try {
      const report = await soak.run();
      expect(report.complaints).toEqual([]);
      expect(report.samples.length).toBeGreaterThan(3);
      for (const series of SERIES) expect(report.trends[series].most).toBeGreaterThanOrEqual(0);
      expect(report.trends.worker_rss_mb.median).toBeGreaterThan(0);
      expect(report.trends.history_events.median).toBeGreaterThan(0);
    } finally {
      await soak.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  STORY_MS,
);
