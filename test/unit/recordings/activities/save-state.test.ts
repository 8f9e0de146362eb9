import type { SaveStateInput } from '../../../../src/activities/recordings/activity-types.js';
import { createSaveStateActivity } from '../../../../src/activities/recordings/save-state.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import type { SaveStateOutcome } from '../../../../src/pipelines/recordings/results/state-repository.js';
import { inActivity } from '../../shared/activities/in-activity.js';

const INPUT: SaveStateInput = {
  source_collection: 'student_assessment_record',
  test_date: '2025-12-20',
  mode: 'one_time',
  status: 'running',
  watermark: null,
  stats: { pages: 1, discovered: 1, enqueued: 1, existing: 0, late: 0 },
  started_at: '2025-12-20T10:00:00.000Z',
  starts_anew: true,
  finished: false,
};

/** Saves once. @returns the keys whose look-back memory was forgotten */
async function forgottenBy(input: Partial<SaveStateInput>, outcome: SaveStateOutcome): Promise<string[]> {
  const forgotten: string[] = [];
  const { saveState } = createSaveStateActivity({
    states: { save: () => Promise.resolve(outcome) },
    sentLog: {
      forget: (key) => {
        forgotten.push(key);
        return Promise.resolve();
      },
    },
    pipelineName: 'audio_anomaly',
    now: () => new Date('2025-12-20T10:00:00.000Z'),
    log: recordingLogger(),
  });
  await inActivity(() => saveState({ ...INPUT, ...input }));
  return forgotten;
}

describe('the look-back memory of a date', () => {
  test('is forgotten by a run that starts anew', async () => {
    expect(await forgottenBy({}, 'saved')).toEqual(['student_assessment_record:2025-12-20']);
  });

  test('is kept where the state of an incremental run is ahead, which goes on from both', async () => {
    expect(await forgottenBy({}, 'refused_older')).toEqual([]);
  });

  test('is kept by a run that goes on', async () => {
    expect(await forgottenBy({ starts_anew: false }, 'saved')).toEqual([]);
  });
});
