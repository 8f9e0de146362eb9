import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../../embedded-stack.js';
import { vachanCli } from './interviews-cli.js';

const MEDIA = join(__dirname, '..', '..', '..', 'fixtures', 'interviews');
const media = (name: string): string => join(MEDIA, name);

interface Analysed {
  file: string;
  error?: string;
  media: { duration: number };
  warnings: string[];
  video?: { faces: { face_present_ratio: number; seconds_by_count: { faces: number; seconds: number }[] } };
  speech: { speech_seconds: number; pause_count: number };
  transcript: { absent?: string };
  not_measured: string[];
}

describe('vachan analyse', () => {
  it('measures local files without a server, says what is wrong with one, and goes on', async () => {
    const report = join(freshFolder(), 'report.html');
    const files = [
      'c08_cut_no_moov.mp4',
      'c13_hls_local_file.mp4',
      'c12_h264.mkv',
      'c05_audio_only_live.webm',
    ];

    const run = await vachanCli(
      ['analyse', '--json', '--no-transcript', '--report', report, ...files.map(media), media('none.mp4')],
      {},
    );

    expect(run).toMatchObject({ code: 1, err: '' });
    const [cut, playlist, video, audio, none] = run.out
      .split('\n')
      .map((line) => JSON.parse(line) as Analysed);
    expect(cut?.error).toContain('index missing');
    expect(playlist?.error).toContain('not a known container');
    expect(none).toEqual({ file: media('none.mp4'), error: 'no such file' });
    expect(video?.video?.faces.face_present_ratio).toBe(1);
    expect(video?.media.duration).toBeCloseTo(6, 0);
    expect(video?.transcript).toEqual({ absent: 'switched_off' });
    expect(video?.not_measured).toContain('emotion');
    expect(audio).not.toHaveProperty('video');
    expect(audio?.media.duration).toBeCloseTo(6, 0);
    for (const name of ['run_id', 'interview_id', 'interview_digest', 'series'])
      expect(video).not.toHaveProperty(name);

    const page = readFileSync(report, 'utf8');
    expect(page).toContain('c12_h264.mkv');
    expect(page).not.toMatch(/NaN|Infinity/);
    expect(statSync(report).mode & 0o077).toBe(0);
  });

  it('shows measures in a few lines each, and the values by the second where they are asked for', async () => {
    const file = media('c12_h264.mkv');

    const shown = await vachanCli(['analyse', '--no-transcript', '--adaptive', file], {});
    const series = await vachanCli(['analyse', '--json', '--series', '--no-transcript', file], {});

    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/Face +present 100 %/);
    expect(shown.out).toMatch(/Transcript +none: switched off/);
    const { columns } = series.json<{ series: { columns: { faces: number[] } } }>().series;
    expect(columns.faces.slice(0, 6)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('refuses questions that are none before anything is decoded', async () => {
    const run = await vachanCli(['analyse', media('c12_h264.mkv'), '--questions', media('README.md')], {});

    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toContain('--questions: expected a JSON list');
  });
});
