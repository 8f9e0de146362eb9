import { html, type Html } from '../../../../platform/page/html.js';
import { duration, plural } from '../../../../platform/page/words.js';
import { LEAST_PAUSE_SECONDS } from '../../analysis/audio/reduce-speech.js';
import type { Coverage } from '../../contract/audio-measures.js';
import type { InterviewResult } from '../../contract/result.js';
import { measureLines, percent } from '../../results/measure-lines.js';
import type { ReportedMedium } from '../interview-report.js';
import { lanesOf, legendOf, type Lane } from './lanes.js';
import { drawTimeline, spanTable } from './timeline.js';
import { questionsPart, transcriptPart } from './words-part.js';

/** One medium: figures, timeline, words, and what was measured how. */
export function mediumSection({ result, columns }: ReportedMedium, questions: readonly string[]): Html {
  const lanes = lanesOf(result);
  const { from, to } = extentOf(result, columns?.time, lanes);
  const legend = legendOf(lanes, columns?.level.some((level) => level !== null) === true);
  return html`<section class="long">
    <h2>${result.interview_type === 'video' ? 'Video' : 'Audio'}, ${duration(result.media.duration)}</h2>
    <p class="soft">${result.key}</p>
    ${figuresOf(result)} ${drawTimeline({ from, to, lanes, columns })}
    <ul class="legend">
      ${[...legend].map(([kind, words]) => html`<li class="${kind}">${words.join(', ')}</li>`)}
    </ul>
    ${spanTable(lanes)} ${questionsPart(result, questions)} ${transcriptPart(result)} ${howPart(result)}
  </section>`;
}

/** From the first whole second to the end of the medium, or of what was found at its end. */
function extentOf(
  { media }: InterviewResult,
  time: readonly number[] | undefined,
  lanes: readonly Lane[],
): { from: number; to: number } {
  const from = time?.[0] ?? 0;
  const ends = lanes.flatMap(({ spans }) => spans).map(({ end }) => end);
  return { from, to: ends.reduce((last, end) => Math.max(last, end), from + media.duration) };
}

function figuresOf(result: InterviewResult): Html {
  const { video, audio, speech } = result;
  const figures = [
    video &&
      figure(
        'Face present',
        percent(video.faces.face_present_ratio),
        plural(video.faces.absent.length, 'absence'),
      ),
    video && figure('Head turned', percent(video.head.turned_ratio), plural(video.head.turns.length, 'turn')),
    speech && figure('Speech', percent(speech.speech_ratio), duration(speech.speech_seconds)),
    speech &&
      figure(
        'Pauses',
        String(speech.pause_count),
        speech.pause_count === 0
          ? `none of ${LEAST_PAUSE_SECONDS} s or longer between words`
          : `the longest ${duration(speech.longest_pause_seconds)}`,
      ),
    speech?.rate &&
      figure(
        'Words a minute',
        speech.rate.words_per_minute.toFixed(0),
        speech.fillers ? plural(speech.fillers.count, 'filler') : '',
      ),
    audio &&
      figure(
        'Loudness in LUFS',
        audio.integrated_lufs === null ? 'none' : audio.integrated_lufs.toFixed(1),
        audio.digital_silence
          ? 'digital silence'
          : `SNR ${audio.snr_db === null ? 'unknown' : `${audio.snr_db.toFixed(0)} dB`}`,
      ),
  ];
  return html`<ul class="figures">
    ${figures.map((one) => one || undefined)}
  </ul>`;
}

function figure(name: string, value: string, aside: string): Html {
  return html`<li>
    <span class="name">${name}</span><span class="value">${value}</span><span class="aside">${aside}</span>
  </li>`;
}

/** Measures in a line each, engines and coverage. */
function howPart(result: InterviewResult): Html {
  const { schedule, engines, engine_version: version } = result;
  const rows = [
    ...measureLines(result),
    ...coverageRows(result),
    ...(schedule === undefined
      ? []
      : [
          [
            'Pictures looked at',
            `${plural(
              schedule.taken.reduce((sum, [first, last]) => sum + last - first + 1, 0),
              'picture',
            )}, ${schedule.every} s apart`,
          ] as const,
        ]),
    [
      'Measured by',
      `${engines.map(({ name, version }) => `${name} ${version}`).join(', ')}; engine version ${version}`,
    ] as const,
  ];
  return html`<details class="data">
    <summary>What was measured, with what and of how much</summary>
    <table class="plain">
      <tbody>
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

function coverageRows({ video, audio, speech, transcript }: InterviewResult): (readonly [string, string])[] {
  const of = (coverage: Coverage): string => `${duration(coverage.seconds)} (${percent(coverage.ratio)})`;
  const covered = [
    video && (['faces', video.faces.coverage] as const),
    video && (['head', video.head.coverage] as const),
    video && (['eyes', video.eyes.coverage] as const),
    audio && (['sound', audio.coverage] as const),
    speech && (['speech', speech.coverage] as const),
    transcript && 'coverage' in transcript && (['transcript', transcript.coverage] as const),
  ].filter((one) => one !== undefined && one !== false);
  if (covered.length === 0) return [];
  return [['Coverage', covered.map(([name, coverage]) => `${name} ${of(coverage)}`).join('; ')]];
}
