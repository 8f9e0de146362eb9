import { renderPage } from '../../../../src/pipelines/recordings/report/page/page.js';
import type { Report } from '../../../../src/pipelines/recordings/report/report.js';
import { aSummary } from '../../shared/cli/fake-context.js';
import { aDrift, aRecording, aReport, pictured, someResults } from './factories.js';

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>';

describe('the page of a run', () => {
  test('says what was scored, when, and how many stand out', () => {
    const page = renderPage(aReport());
    expect(page).toContain('Recordings of 20 December 2025');
    expect(page).toMatch(/1,200 recordings were scored between\s+20 December 2025 at 19:00/);
    expect(page).toContain('90 of them (7.5 %) stand out');
    expect(page).toContain('threshold 0.55');
    expect(page).toMatch(/AudioNotFound<small\s*>there is no such object/);
  });

  test('needs nothing but itself and runs nothing', () => {
    const page = renderPage(aReport());
    expect(page).not.toMatch(/<script|<link|@import|url\(|\son[a-z]+=/i);
    expect(page.match(/src="(?!data:image\/png)/g)).toBeNull();
    expect(page).toContain('default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:;');
    expect(page).not.toContain('media-src');
  });

  test('shows neither address nor player unless asked', () => {
    const page = renderPage(aReport());
    expect(page).not.toContain('child-7');
    expect(page).not.toContain('<audio');
    expect(page).toContain('It plays nothing.');
  });

  test('with players, says until when they work and who can hear them, and allows their host only', () => {
    const link = 'https://bucket.s3.ap-south-1.amazonaws.com/a.m4a?X-Amz-Signature=abc&X-Amz-Expires=60';
    const page = renderPage(
      aReport({ recordings: [pictured({ link })], linksEndAt: new Date('2025-12-21T02:30:00Z') }),
    );
    expect(page).toContain(`src="${link.replace('&', '&amp;')}"`);
    expect(page).toContain('media-src https://bucket.s3.ap-south-1.amazonaws.com;');
    expect(page).toMatch(/Until 21 December 2025 at 08:00 its players let anyone who has the file hear/);
    expect(page).toContain('child-7');
  });

  test('escapes whatever comes from data', () => {
    const hostile: Report = aReport({
      sourceCollection: HOSTILE,
      recordings: [
        pictured({
          id: HOSTILE,
          recordType: HOSTILE,
          address: HOSTILE,
          link: 'https://bucket.example/?a=1',
          reasons: [{ feature: HOSTILE, description: HOSTILE, contribution: 1, deviation: 1 }],
          audio: { ...aRecording().audio!, codec: HOSTILE },
        }),
        pictured({ drawn: { failure: HOSTILE } }),
      ],
      results: someResults({
        reasons: [{ description: HOSTILE, recordings: 1 }],
        models: [{ name: HOSTILE, version: HOSTILE, threshold: 0.5, recordings: 1, anomalies: 0 }],
      }),
    });
    hostile.run = { missing: HOSTILE };
    expect(renderPage(hostile)).not.toMatch(/<script|<img src=x/);
    const summary = aSummary({ failures: { [HOSTILE]: 1 }, drift: { unavailable: HOSTILE } });
    const run = { ...aReport().run, summary } as Report['run'];
    expect(renderPage(aReport({ run }))).not.toMatch(/<script|<img src=x/);
  });

  test('tells of the run what it knows, and why it knows nothing', () => {
    const page = renderPage(aReport({ run: { missing: 'there is no run <of> it' } }));
    expect(page).toContain('Not known: there is no run &lt;of&gt; it');
    expect(page).not.toContain('Failed attempts');
  });

  test('shows drift where the summary has it', () => {
    const { run } = aReport();
    const drifted = { ...run, summary: aSummary({ drift: aDrift }) } as Report['run'];
    const page = renderPage(aReport({ run: drifted }));
    expect(page).toMatch(/2 features\s+of 109 moved notably away/);
    expect(page).toMatch(/rms mean<small>clearly louder than a normal reading/);
    expect(page).not.toContain('changed meanwhile');
    expect(renderPage(aReport())).not.toContain('id="drift"');
  });

  test('says by which models the recordings of a drift were scored, where it was more than one', () => {
    const { run } = aReport();
    const [one] = aDrift.scored_by;
    const scored_by = [
      { ...one!, recordings: 1150 },
      { ...one!, model_version: '<0>', recordings: 50 },
    ];
    const summary = aSummary({ drift: { ...aDrift, scored_by } });
    expect(renderPage(aReport({ run: { ...run, summary } as Report['run'] }))).toMatch(
      /changed meanwhile: reading-audio 0\.1\.0 scored 1,150, reading-audio &lt;0&gt; scored 50\./,
    );
  });

  test('of a date without results has no charts and says so', () => {
    const results = someResults({
      ...{ recordings: 0, anomalies: 0, audioSeconds: 0, firstAt: null, lastAt: null },
      ...{ models: [], scores: null, throughput: null, reasons: [] },
    });
    const page = renderPage(aReport({ results, recordings: [] }));
    expect(page).toContain('This date has no results.');
    expect(page).not.toContain('class="chart"');
  });

  test('says of a last column that it gathers all scores above', () => {
    const { scores } = someResults();
    const results = someResults({ scores: { ...scores!, lastIsOpen: true } });
    const page = renderPage(aReport({ results }));
    expect(page).toContain('The last column gathers all above 0.6.');
    expect(page).toContain('<th scope="row">above 0.6</th>');
    expect(page).toContain('scores from 0.4 on.');
  });

  test('shows results of the Python worker, which have neither reasons nor facts of the audio', () => {
    const bare = pictured({ reasons: [], audio: undefined, threshold: null, drawn: undefined });
    const results = someResults({
      models: [{ name: 'm', version: '1', threshold: null, recordings: 1200, anomalies: 90 }],
      reasons: [],
    });
    const page = renderPage(aReport({ results, recordings: [bare] }));
    expect(page).toContain('No reasons were written.');
    expect(page).not.toMatch(/undefined|NaN|null|\[object/);
  });

  test('says of a recording that could not be drawn why, in words', () => {
    const page = renderPage(aReport({ recordings: [pictured({ drawn: { failure: 'AudioNotFound' } })] }));
    expect(page).toMatch(/No picture: AudioNotFound, there is no such object\./);
  });
});

describe('the thresholds before and after a calibration', () => {
  const flagged = { found: 3, of: 120, value: 0.025, low: 0.009, high: 0.071 };
  const judged = { flagged, recall: null };
  const calibrated = {
    name: 'reading-audio',
    version: '0.3.0+cal.20261128T101200Z',
    threshold: 1.25,
    calibration: {
      calibrated_at: '2026-11-28T10:12:00.000Z',
      from_version: '0.3.0',
      previous_threshold: 1,
      on: { labels: '<labels>.csv', labels_sha256: 'ab', rows: 380, unread: 0 },
      share: 0.02,
      set_on: { recordings: 240, low: 1.1, high: 1.4 },
      held_out: { before: { ...judged, flagged: { ...flagged, found: 12 } }, now: judged },
    },
  };
  const comparison = { recordings: 1000, flaggedBefore: 90, flaggedNow: 20 };

  test('stand side by side, with what the new one was set and judged on', () => {
    const page = renderPage(aReport({ calibrated, results: someResults({ comparison }) }));
    const text = page.replace(/\s+/g, ' ');
    expect(text).toMatch(/0\.3\.0<small>threshold 1<\/small><\/th> <td class="number">90 \(9\.0 %\)/);
    expect(text).toMatch(
      /cal\.20261128T101200Z<small>threshold 1\.25<\/small><\/th> <td class="number">20 \(2\.0 %\)/,
    );
    expect(text).toContain(
      'set for 2 % of 240 normal recordings of &lt;labels&gt;.csv on 28 November 2026 at 15:42',
    );
    expect(text).toContain('Of 120 held-out ones it flags 3 (95 %: 0.9 to 7.1 %), the one before 12.');
  });

  test('name the date whose verdicts the new one was set on', () => {
    const on = { verdicts: 'a.csv', verdicts_sha256: 'ab', test_date: '2025-12-20', source_collection: 'records', rows: 400, left_out: 3 }; // prettier-ignore
    const reviewed = { ...calibrated, calibration: { ...calibrated.calibration, on } };
    const page = renderPage(aReport({ calibrated: reviewed, results: someResults({ comparison }) }));
    expect(page.replace(/\s+/g, ' ')).toContain(
      'set for 2 % of 240 results of 2025-12-20 that a person took for normal on 28',
    );
  });

  test('are left out where the model in use was not calibrated, or has scored nothing of the date', () => {
    const heading = 'Threshold before and after calibration';
    expect(renderPage(aReport({ results: someResults({ comparison }) }))).not.toContain(heading);
    expect(renderPage(aReport({ calibrated }))).not.toContain(heading);
  });

  test('make several versions comparable in words', () => {
    const share = { name: 'reading-audio', threshold: 1, recordings: 10, anomalies: 1 };
    const models = (version: string) => [
      { ...share, version: '0.3.0' },
      { ...share, version },
    ];
    const calibrations = renderPage(
      aReport({ results: someResults({ models: models(calibrated.version) }) }),
    );
    expect(calibrations).toContain('its scores are comparable');
    expect(renderPage(aReport({ results: someResults({ models: models('0.4.0') }) }))).toContain(
      'not comparable',
    );
  });
});
