import { memoryCheck } from '../../../../src/pipelines/interviews/checks/memory-check.js';

const GIB = 1024 ** 3;

describe('the doctor of interviews', () => {
  test.each([
    [
      15.5,
      '6',
      'ok',
      'for 16 GB: MAX_CONCURRENT_JOBS=6, STREAMING_CHUNK_SIZE_MB=30, MEMORY_THRESHOLD_PERCENT=80',
    ],
    [
      7.6,
      '4',
      'ok',
      'for 8 GB: MAX_CONCURRENT_JOBS=4, STREAMING_CHUNK_SIZE_MB=20, MEMORY_THRESHOLD_PERCENT=85',
    ],
    [7.6, '7', 'warning', 'it is 7'],
    [2, '3', 'ok', 'MAX_CONCURRENT_JOBS=2'],
  ])('says what suits %d GiB with %s jobs at once', async (gib, jobs, status, says) => {
    const use = () => ({ limitBytes: gib * GIB, anonymousBytes: GIB });
    const [finding] = await memoryCheck({ MAX_CONCURRENT_JOBS: jobs }, use).run();
    expect(finding).toMatchObject({ status });
    expect(finding!.detail).toContain(says);
  });
});
