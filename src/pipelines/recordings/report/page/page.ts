import type { Report } from '../report.js';
import { calibrationSection } from './calibration.js';
import { driftSection } from './drift.js';
import { Html, html } from '../../../../platform/page/html.js';
import { recordingsSection } from './recordings.js';
import { scoresSection } from './scores.js';
import {
  failuresSection,
  leftOutSection,
  outcomesSection,
  reasonsSection,
  throughputSection,
} from './sections.js';
import { STYLE } from './style.js';
import { createClock, duration, number, plural, share, type Clock } from '../../../../platform/page/words.js';
import { dayInWords } from './words.js';

/**
 * A run on one page that needs nothing but itself: no script, no font, no request. Everything from data is escaped,
 * and the page's own policy forbids what might slip through.
 */
export function renderPage(report: Report): string {
  const { testDate, results } = report;
  const clock = createClock(report.timeZone);
  const day = dayInWords(testDate);
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${contentPolicy(report)}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex, nofollow" />
      <meta name="referrer" content="no-referrer" />
      <title>Recordings of ${day} · Vachan</title>
      <style>
        ${STYLE_ELEMENT}
      </style>
    </head>
    <body>
      <header>
        <p class="kicker">Vachan · ${report.sourceCollection}</p>
        <h1>Recordings of ${day}</h1>
        <p class="lead">${lead(report, clock)}</p>
      </header>
      <main>
        ${notice(report, clock)} ${keyFigures(report)}
        <div class="pair">${outcomesSection(report)} ${failuresSection(report)}</div>
        ${leftOutSection(report)}
        ${
          results.recordings === 0
            ? undefined
            : html` ${scoresSection(report)} ${calibrationSection(report, clock)}
              ${throughputSection(report, clock)} ${reasonsSection(report)} ${driftSection(report)}
              ${recordingsSection(report, clock)}`
        }
      </main>
      <footer>
        <p>
          Written by <code>vachan report ${testDate}</code>, version ${report.version}, on
          ${clock.instant(report.generatedAt)} (${clock.zone}).
        </p>
      </footer>
    </body>
  </html>`;
  return `<!doctype html>\n${page.text}\n`;
}

/** Not from data; a style's text is not escaped in HTML. */
const STYLE_ELEMENT = new Html(STYLE);

/** No script at all, and no address but those of the players. */
function contentPolicy({ recordings }: Report): string {
  const origins = new Set(
    recordings.flatMap(({ link }) => (link === undefined ? [] : [new URL(link).origin])),
  );
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data:',
    ...(origins.size === 0 ? [] : [`media-src ${[...origins].join(' ')}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function lead({ results, run, generatedAt }: Report, clock: Clock): string {
  const { recordings, anomalies, firstAt, lastAt } = results;
  if (firstAt === null || lastAt === null) return 'This date has no results.';
  const scored = `${plural(recordings, 'recording')} ${recordings === 1 ? 'was' : 'were'} scored between ${clock.instant(firstAt)} and ${clock.instant(lastAt)}; ${number(anomalies)} of them (${share(anomalies, recordings)}) stand out.`;
  if ('missing' in run) return scored;
  const { state, startedAt, closedAt, summary } = run;
  const took = duration(((closedAt ?? generatedAt).getTime() - startedAt.getTime()) / 1000);
  return state === 'running'
    ? `${scored} The run is under way, for ${took} so far (${summary.status}).`
    : `${scored} The last run took ${took} (${summary.status}).`;
}

function notice({ recordings, linksEndAt }: Report, clock: Clock): Html {
  const drawn = recordings.some(({ drawn }) => drawn !== undefined && 'picture' in drawn);
  return html`<aside class="notice" aria-label="Who may read this page">
    <p>
      <strong>Who may read this:</strong> people who may work with this assessment's results.
      ${drawn ? "It shows pictures of children's voices" : 'It holds no audio and no pictures of it'}, and no
      names, student ids or schools.
      ${
        linksEndAt === null
          ? 'It plays nothing.'
          : html`<strong
                >Until ${clock.instant(linksEndAt)} its players let anyone who has the file hear these
                recordings</strong
              >, and their addresses may name a child: keep it as you keep the recordings, and delete it when
              you are done.`
      }
    </p>
  </aside>`;
}

function keyFigures({ results, run }: Report): Html {
  const { recordings, anomalies, audioSeconds, throughput } = results;
  const minutes = throughput === null ? 0 : (throughput.bins.length * throughput.binMs) / 60_000;
  const rate = (throughput?.recordings ?? 0) / minutes;
  const figure = (name: string, value: string, aside: string, kind = ''): Html =>
    html`<li class="${kind}">
      <span class="name">${name}</span><span class="value">${value}</span><span class="aside">${aside}</span>
    </li>`;
  return html`<ul class="figures">
    ${figure('Scored', number(recordings), recordings === 1 ? 'recording' : 'recordings')}
    ${figure('Anomalies', number(anomalies), `${share(anomalies, recordings)} of the scored`, 'anomaly')}
    ${
      'missing' in run
        ? undefined
        : figure(
            'Failed attempts',
            number(run.summary.outcomes.failed_pre_inference),
            `of ${plural(run.summary.received, 'delivery', 'deliveries')}`,
          )
    }
    ${figure('Audio', duration(audioSeconds), recordings === 0 ? 'none' : `${duration(audioSeconds / recordings)} each`)}
    ${minutes === 0 ? undefined : figure('Mean rate', number(Math.round(rate)), 'recordings a minute')}
  </ul>`;
}
