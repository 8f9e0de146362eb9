import type { Picture } from '../picture/draw-recording.js';
import type { PicturedRecording, Report } from '../report.js';
import { html, type Html } from '../../../../platform/page/html.js';
import { duration, number, type Clock } from '../../../../platform/page/words.js';
import { FAILURE_WORDS } from './words.js';

/** Enough of a result's id to name it in a talk; the whole one is below. */
const SHORT_ID = 8;

export function recordingsSection(report: Report, clock: Clock): Html {
  const { recordings, linksEndAt } = report;
  if (recordings.length === 0) return html``;
  return html`<section class="long" aria-labelledby="recordings">
    <h2 id="recordings">The most anomalous recordings</h2>
    <p class="soft">
      Highest scores first. Above: the waveform; below: the mel spectrogram that the features were computed
      from, 0 to 11 kHz from bottom to top, quiet is dark and loud is light.
      ${linksEndAt === null ? undefined : `The players work until ${clock.instant(linksEndAt)}.`}
    </p>
    <ol class="recordings">
      ${recordings.map((recording, index) => card(recording, index + 1, clock))}
    </ol>
  </section>`;
}

function card(recording: PicturedRecording, rank: number, clock: Clock): Html {
  const { id, recordType, score, threshold, isAnomaly, reasons, audio, processedAt, link } = recording;
  const facts = [
    recordType === 'teacher_record' ? "teacher's recording" : "administrator's recording",
    ...(audio === undefined
      ? []
      : [
          duration(audio.duration_seconds),
          `${audio.codec}, ${number(audio.sample_rate / 1000)} kHz, ${audio.channels === 1 ? 'mono' : audio.channels === 2 ? 'stereo' : `${audio.channels} channels`}`,
        ]),
    `scored ${clock.tick(processedAt, 0)}`,
  ];
  const name = `Recording ${rank}, ${id.slice(0, SHORT_ID)}`;
  return html`<li class="recording">
    <div class="head">
      <h3>${rank}. <code>${id.slice(0, SHORT_ID)}</code></h3>
      <span class="score ${isAnomaly ? 'anomaly' : 'normal'}"
        >${isAnomaly ? 'anomaly' : 'normal'}
        ${score.toFixed(3)}${threshold === null ? undefined : html`<span class="unseen"> against a threshold of ${number(threshold)}</span>`}</span
      >
    </div>
    <p class="facts">${facts.join(' · ')}</p>
    ${
      reasons.length === 0
        ? html`<p class="facts">No reasons were written.</p>`
        : html`<ul>
            ${reasons.map(
              ({ description, contribution }) =>
                html`<li>${description} <span class="soft">(${Math.round(contribution * 100)} %)</span></li>`,
            )}
          </ul>`
    }
    ${drawn(recording, name)}
    ${
      link === undefined
        ? undefined
        : html`<audio controls preload="none" src="${link}" aria-label="${name}: listen"></audio>
            <p class="ids">${recording.address}</p>`
    }
    <p class="ids">Result ${id}</p>
  </li>`;
}

function drawn({ drawn: result, isAnomaly }: PicturedRecording, name: string): Html | undefined {
  if (result === undefined) return undefined;
  if ('failure' in result) {
    const words = FAILURE_WORDS[result.failure];
    return html`<p class="missing">
      No picture: ${result.failure}${words === undefined ? undefined : `, ${words}`}.
    </p>`;
  }
  const { picture } = result;
  return html`<div class="drawn">
    ${waveform(picture, name, isAnomaly)}
    <img
      src="${picture.spectrogram}"
      width="${picture.columns}"
      height="64"
      alt="${name}: mel spectrogram of ${duration(picture.seconds)}"
    />
    <div class="scale" aria-hidden="true"><span>0 s</span><span>${duration(picture.seconds)}</span></div>
  </div>`;
}

/** A silent recording is a line that can be seen. */
const LEAST_HEIGHT = 12;

function waveform({ waveform: { min, max }, seconds }: Picture, name: string, isAnomaly: boolean): Html {
  const above = max.map((value, x) => `${x} ${-Math.max(value, LEAST_HEIGHT / 2)}`);
  const below = min.map((value, x) => `${x} ${-Math.min(value, -LEAST_HEIGHT / 2)}`).reverse();
  const peak = Math.max(...max.map(Math.abs), ...min.map(Math.abs)) / 10;
  return html`<svg
    class="wave ${isAnomaly ? 'anomaly' : 'normal'}"
    viewBox="0 -1000 ${Math.max(1, max.length - 1)} 2000"
    preserveAspectRatio="none"
    role="img"
    aria-label="${name}: waveform of ${duration(seconds)}, its loudest sample at ${number(Math.round(peak))} % of full scale"
  >
    <path d="M${above.join('L')}L${below.join('L')}Z" />
  </svg>`;
}
