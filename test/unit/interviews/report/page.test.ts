import type { InterviewReport } from '#vachan/pipelines/interviews/report/interview-report.js';
import { renderInterviewPage } from '#vachan/pipelines/interviews/report/page/page.js';
import {
  clockTime,
  preciseClockTime,
  timeTicks,
} from '#vachan/pipelines/interviews/report/page/clock-time.js';
import { job, result } from '../results/factories.js';
import { audioMeasures, interviewReport, medium, speechMeasures } from './factories.js';

describe('the page of an interview', () => {
  it('shows figures, timeline, words and key points of a medium', () => {
    const page = renderInterviewPage(interviewReport());

    for (const shown of [
      '75 %',
      '0:00.0 to 0:02.0: 1 face',
      '0:02.0 to 0:03.0: no face',
      '0:03.0 to 0:04.0: 2 faces',
      'head turned left',
      'well, um, because',
      'Why?',
      '1 of 2 key points were said, at 0:00.',
      '<span class="value">-23.1</span>',
      'blazeface-full-range 0.4.1657300184',
    ]) {
      expect(page).toContain(shown);
    }
    expect(page).toContain('Nothing here measures any of these');
    expect(page).toContain('hire score');
  });

  it('explains the colours that are drawn, by what is drawn in them', () => {
    const legendOf = (page: string): string[] =>
      [...page.matchAll(/<li class="\w+">(.*?)<\/li>/g)].map(([, words]) => words!);
    const { columns } = medium();
    const heard = result({ measures: { speech: speechMeasures() } });

    expect(legendOf(renderInterviewPage(interviewReport()))).toEqual([
      'one face, speech, level',
      'no face, turned',
      'two or more faces',
      'pause',
    ]);
    expect(legendOf(renderInterviewPage(interviewReport({ media: [{ result: heard, columns }] })))).toEqual([
      'speech, level',
      'pause',
    ]);
  });

  it('names the command that wrote it, and speaks of erasing only where something can be erased', () => {
    const footer = (writtenBy: InterviewReport['writtenBy']): string =>
      /<footer>.*<\/footer>/s.exec(renderInterviewPage(interviewReport({ writtenBy })))![0];

    expect(footer('vachan interviews report')).toContain('Delete it when the interview is erased');
    const ofFiles = footer('vachan interviews analyse');
    expect(ofFiles).toContain('Written by <code>vachan interviews analyse</code>, version 0.1.0');
    expect(ofFiles).not.toMatch(/erase|undefined/);
  });

  it('says of jobs without a result why there is none', () => {
    const page = renderInterviewPage(
      interviewReport({
        media: [],
        jobs: [
          job({ key: 'cut.mp4', status: '2', error_type: 'MediaRefused', error_message: 'index missing' }),
          job({ key: 'late.mp4', status: '0' }),
          job({ key: 'old.mp4', status: '3' }),
        ],
      }),
    );

    expect(page).toContain('Nothing was measured; 1 job failed; 1 job still to end.');
    expect(page).toContain('MediaRefused: index missing');
    expect(page).toContain('has not ended yet');
    expect(page).toContain('past its retention');
  });

  it('tells absent words from silence, and never writes a number that is none', () => {
    const silent = result({
      measures: {
        audio: audioMeasures({ digital_silence: true, integrated_lufs: null, snr_db: null }),
        speech: speechMeasures({
          speech_seconds: 0,
          speech_ratio: 0,
          intervals: [],
          pauses: [],
          pause_count: 0,
        }),
        transcript: { absent: 'no_model' },
      },
    });
    const page = renderInterviewPage(interviewReport({ media: [{ result: silent, columns: undefined }] }));

    expect(page).toContain('There is none: the model was not there');
    expect(page).toContain('digital silence');
    expect(page).toContain('none of 0.5 s or longer between words');
    expect(page).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});

describe('times of a medium', () => {
  it.each([
    [0, '0:00'],
    [187.9, '3:07'],
    [3729, '1:02:09'],
    [59.9996, '1:00'],
  ])('%d s are %s', (seconds, text) => {
    expect(clockTime(seconds)).toBe(text);
  });

  it.each([
    [2.25, '0:02.3'],
    [59.94, '0:59.9'],
    [59.9996, '1:00.0'],
    [3729.4, '1:02:09.4'],
  ])('%d s are %s to a tenth', (seconds, text) => {
    expect(preciseClockTime(seconds)).toBe(text);
  });

  it('has a tick at an end that sums of seconds just miss', () => {
    expect(timeTicks(0, 59.9996, 12).at(-1)).toBe(60);
  });

  it.each([
    [0, 4],
    [0, 600],
    [3, 14_400],
  ])('has a dozen round ticks at most from %d to %d s', (from, to) => {
    const ticks = timeTicks(from, to, 12);
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.length).toBeLessThanOrEqual(13);
    expect(ticks.every((at) => at >= from && at <= to)).toBe(true);
  });
});
