import { describeDiscovery } from '../../../../src/workflows/recordings/details.js';
import { aSummary } from '../../shared/cli/fake-context.js';

describe("a run's details in the Web UI", () => {
  test('are a list of counts, with failures by cause', () => {
    const details = describeDiscovery(
      aSummary({
        discovery: { pages: 90, discovered: 9_000_123, enqueued: 900, existing: 12, late: 0 },
        failures: { AudioEmpty: 1, AudioNotFound: 3 },
      }),
    );
    expect(details).toMatch(/^\*\*2025-12-20\*\* · backfill · \*\*running\*\*\n\n- /);
    expect(details).toContain('- **Found** 9,000,123 in 90 pages, all there are\n');
    expect(details).toContain('- **Failed attempts** 1: 3 AudioNotFound, 1 AudioEmpty\n');
    expect(details).not.toContain('|');
  });

  test('warn where nobody is there to work', () => {
    const backlog = { visible: 1, in_flight: 0, delayed: 0, inference_workers: 0 };
    expect(describeDiscovery(aSummary({ backlog }))).toMatch(/\n\nNo inference worker is alive/);
    expect(describeDiscovery(aSummary())).not.toContain('No inference worker');
  });
});
