import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noOutcomes } from '../../../../src/pipelines/recordings/contract/outcome.js';
import { planSeed } from '../../../../tools/demo/seed-plan.js';
import { ledgerOf } from '../../../../tools/demo/seed-ledger.js';
import { demoFolder } from '../../../../tools/demo/demo-folder.js';
import { countDifferences, expectedDeliveries } from '../../../../tools/demo/run-demo.js';
import { workerEnvironment } from '../../../../tools/demo/worker-process.js';
import { faultlessWorld, ledgerOptions, planOptions } from './factories.js';

const ledger = ledgerOf(planSeed(planOptions()), ledgerOptions());

describe('a demo', () => {
  test('removes what earlier demos left in the cache, not what a living one uses', () => {
    const cache = mkdtempSync(join(tmpdir(), 'vachan-cache-'));
    const dead = `demo-${spawnSync('true').pid}`;
    for (const name of [dead, `demo-${process.ppid}`, 'pypi']) mkdirSync(join(cache, name));
    expect(demoFolder(cache)).toBe(join(cache, `demo-${process.pid}`));
    const left = readdirSync(cache).sort();
    rmSync(cache, { recursive: true });
    expect(left).toEqual([`demo-${process.ppid}`, 'pypi'].sort());
  });

  test('reports outcomes that the run counted otherwise than they are there', () => {
    const world = faultlessWorld(ledger);
    const outcomes = noOutcomes();
    for (const row of world.csvRows) outcomes[row.processing_status as keyof typeof outcomes] += 1;
    outcomes.malformed = ledger.entries.filter(({ kind }) => kind === 'malformed').length;
    expect(countDifferences(ledger, world, { outcomes })).toEqual([]);
    outcomes.completed += 1;
    expect(countDifferences(ledger, world, { outcomes })).toEqual([
      `the run counted ${outcomes.completed} completed, but there are ${outcomes.completed - 1}`,
    ]);
  });

  test('expects as many deliveries as a faultless run has, malformed ones included', () => {
    const malformed = ledger.entries.filter(({ kind }) => kind === 'malformed').length;
    expect(expectedDeliveries(ledger)).toBe(faultlessWorld(ledger).csvRows.length + malformed);
  });

  test('keeps addresses that a person has exported for other work away from its worker', () => {
    const env = workerEnvironment(
      { PATH: '/bin', MONGO_URI: 'mongodb://production', AWS_PROFILE: 'production', MAX_RECORDS: '5' },
      { MONGO_URI: 'mongodb://127.0.0.1:1' },
      200,
    );
    expect(env).toMatchObject({ PATH: '/bin', MONGO_URI: 'mongodb://127.0.0.1:1' });
    expect(env).not.toHaveProperty('AWS_PROFILE');
    expect(env).not.toHaveProperty('MAX_RECORDS');
  });
});
