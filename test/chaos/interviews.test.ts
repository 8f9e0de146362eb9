import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TIMES_A_ROUND, type FaultKind } from '../../tools/chaos/interviews/faults/index.js';
import {
  startInterviewsServers,
  type InterviewsServers,
} from '../../tools/chaos/interviews/interviews-servers.js';
import type { ChaosInterview } from '../../tools/chaos/interviews/plan-chaos-interviews.js';
import type { InterviewsReport } from '../../tools/chaos/interviews/report.js';
import {
  runInterviewsChaos,
  type InterviewsChaosOptions,
} from '../../tools/chaos/interviews/run-interviews-chaos.js';
import { planFaults } from '../../tools/chaos/schedule.js';
import { endRun, type Held } from '../../tools/chaos/under-fire.js';
import { fixture, knownMedium, outcomeOf } from '../../tools/interviews/known-medium.js';
import type { SeededMedium } from '../../tools/interviews/seeded-interview.js';
import { projectRoot } from '../../tools/stack/folders.js';

/** Lost processes are noticed within half a minute; machines may be busy with other things. */
const STORY_MS = 420_000;
const SEED = 5;

let folder: string;
let servers: InterviewsServers;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vachan-chaos-interviews-'));
  servers = await startInterviewsServers(folder, process.env);
}, STORY_MS);
afterAll(async () => {
  await servers.stop();
  rmSync(folder, { recursive: true, force: true });
}, STORY_MS);

const interview = (story: ChaosInterview['story'], ...media: SeededMedium[]): ChaosInterview =>
  named(`cand-${story}-4711`, story, ...media);
const named = (id: string, story: ChaosInterview['story'], ...media: SeededMedium[]): ChaosInterview => ({
  ...{ id, story, kind: story, saysHowMany: story !== 'extra', isErased: story === 'erased' },
  media: media.map((medium) => ({ ...medium, key: `uploads/${id}/${medium.type}/${medium.key}` })),
});

async function run(
  options: Pick<InterviewsChaosOptions, 'interviews' | 'seed' | 'orchestrators'> &
    Partial<InterviewsChaosOptions>,
): Promise<InterviewsReport> {
  const held: Held = {};
  try {
    return await runInterviewsChaos(
      {
        ...{ kinds: [], points: [], minutes: 0, leastKills: 0, gapSeconds: 1, maxReceiveCount: 20 },
        ...{ distFolder: join(projectRoot(), 'dist'), folder, environment: process.env, settings: {} },
        ...{ command: '', log: () => undefined, workers: 2, records: options.interviews?.length ?? 0 },
        ...options,
      },
      servers,
      held,
    );
  } finally {
    await endRun(held);
  }
}

const CHUNKED = 'c16_chromium_webm_vp8.webm';

test(
  'interviews whose processes die at six named requests end once, are told once, and leave no word elsewhere',
  async () => {
    const armed = [
      'claimed',
      'after_chunk',
      'combine',
      'before_store',
      'after_store',
      'before_webhook',
    ] as const;
    const interviews = [
      interview('plain', knownMedium('video', CHUNKED), knownMedium('audio', 'c05_audio_only_live.webm')),
      interview('replaced', {
        ...knownMedium('audio', 'c05_audio_only_live.webm'),
        replacement: {
          content: fixture('c16_chromium_audio_webm.webm'),
          outcome: outcomeOf('audio', 'c16_chromium_audio_webm.webm'),
        },
      }),
      interview('late', { ...knownMedium('video', 'c12_h264.mkv'), isLate: true }),
      interview('erased', knownMedium('video', 'c12_vp9.webm')),
    ];
    // No fault that comes too late for its point: a process dies there the first time, as every run comes by.
    const report = await run({ interviews, armed, seed: SEED, orchestrators: 2 });
    expect(report.complaints).toEqual({ wrong: [], leaked: [] });
    const hits = Object.entries(report.points).filter(([, times]) => times > 0);
    expect(Object.fromEntries(hits)).toEqual(Object.fromEntries(armed.map((point) => [point, 1])));
  },
  STORY_MS,
);

const GAP_SECONDS = 1;
const FAULTS_SECONDS = 1.5;

/** A seed whose schedule is these faults, in this order: what ends media processes comes while most of the work is left. */
function seedOf(kinds: readonly FaultKind[]): number {
  for (let seed = 1; ; seed += 1) {
    const planned = planFaults({
      ...{ seed, kinds, timesARound: TIMES_A_ROUND, gapSeconds: GAP_SECONDS, forSeconds: FAULTS_SECONDS },
    });
    if (planned.map(({ kind }) => kind).join() === kinds.join()) return seed;
  }
}

test(
  'a change stream whose place is forgotten, a worker short of memory and ended media processes cost no job',
  async () => {
    const kinds = ['out_of_memory', 'lose_stream', 'short_of_memory'] as const;
    const interviews = Array.from('abcdefghijkl', (name) =>
      named(`cand-memory-${name}`, 'plain', knownMedium('video', 'c12_h264.mkv')),
    );
    const report = await run({
      ...{ name: 'memory', interviews, kinds, orchestrators: 1, workers: 1 },
      ...{ seed: seedOf(kinds), gapSeconds: GAP_SECONDS, minutes: FAULTS_SECONDS / 60 },
    });
    expect(report.complaints).toEqual({ wrong: [], leaked: [] });
    expect(report.faults).toEqual(Object.fromEntries(kinds.map((kind) => [kind, 1])));
  },
  STORY_MS,
);
