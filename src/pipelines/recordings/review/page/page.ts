import { createHash } from 'node:crypto';
import { Html, html } from '../../../../platform/page/html.js';
import type { DrawnSample } from '../review.js';
import { dayInWords } from '../../report/page/words.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * What a browser lets the page do: run this very script and style, ask the server that it came from, play what that answered, and nothing
 * else. Sent as a header with every answer.
 */
export const REVIEW_PAGE_POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(SCRIPT)}`,
  `style-src ${hashOf(STYLE)}`,
  "connect-src 'self'",
  'media-src blob:',
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

// Not from data, and hashed as they are: prettier would put blanks around them.
const SCRIPT_ELEMENT = new Html(`<script>${SCRIPT}</script>`);
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

/** The page of a review. It holds nothing of any recording: the script asks for each when its turn comes. */
export function renderReviewPage(testDate: string, drawn: DrawnSample): string {
  const total = drawn.top + drawn.random;
  const day = dayInWords(testDate);
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex, nofollow" />
      <link rel="icon" href="data:," />
      <title>Review of ${day} · Vachan</title>
      ${STYLE_ELEMENT}
    </head>
    <body>
      <header>
        <p class="kicker">Vachan · review of ${day}</p>
        <h1 id="title" tabindex="-1">Recording 1 of ${total}</h1>
        <div class="progress">
          <progress id="progress" max="${total}" value="0" aria-label="Recordings judged"></progress>
          <span id="judged">0 of ${total} judged</span>
        </div>
      </header>
      <main>
        ${recordingSection()} ${doneSection()}
        <p id="status" class="soft" role="status"></p>
        ${SPOKEN_ALONE}
        <p id="alert" class="alert" role="alert" hidden></p>
        ${options()} ${help(drawn)}
      </main>
      <footer>
        <p>
          Recordings are children's voices: listen where nobody else hears them. They come from this machine's
          <code>vachan review</code> only, and are gone when it ends.
        </p>
      </footer>
      ${SCRIPT_ELEMENT}
    </body>
  </html>`;
  return `<!doctype html>\n${page.text}\n`;
}

/** What the eye has elsewhere; beside the other one, which may have just said that a verdict is saved. */
const SPOKEN_ALONE = html`<p id="heard" class="unseen" role="status"></p>`;

const key = (name: string): Html => html`<kbd aria-hidden="true">${name}</kbd>`;

const VERDICT_BUTTONS = [
  { verdict: 'normal', name: 'Normal', letter: 'N' },
  { verdict: 'anomalous', name: 'Anomalous', letter: 'A' },
  { verdict: 'unsure', name: 'Unsure', letter: 'U' },
] as const;

function recordingSection(): Html {
  return html`<section id="recording" aria-labelledby="title">
    <div id="sound">
      <p id="waiting" class="missing">The recording is being fetched…</p>
      <div id="drawn" class="drawn" hidden>
        <svg id="wave" viewBox="0 -1000 399 2000" preserveAspectRatio="none" role="img" aria-label="Waveform">
          <path id="wave-path" />
        </svg>
        <img id="spectrogram" src="data:," alt="Mel spectrogram" width="480" height="64" />
        <div id="playhead" aria-hidden="true"></div>
      </div>
      <audio
        id="audio"
        controls
        controlslist="nodownload noremoteplayback"
        disableremoteplayback
        preload="auto"
        aria-label="The recording"
        hidden
      ></audio>
      <div id="unplayable" class="missing" hidden>
        <p id="why"></p>
        <button type="button" id="again" class="plain">Try again</button>
      </div>
    </div>
    <div class="verdicts" role="group" aria-label="Verdict">
      ${VERDICT_BUTTONS.map(
        ({ verdict, name, letter }) =>
          html`<button
            type="button"
            class="verdict ${verdict}"
            data-verdict="${verdict}"
            aria-pressed="false"
            aria-keyshortcuts="${letter}"
          >
            ${name} ${key(letter)}
          </button>`,
      )}
    </div>
    <div class="ways">
      <button type="button" id="previous" class="plain" aria-keyshortcuts="ArrowLeft">
        ${key('←')} Previous
      </button>
      <button
        type="button"
        id="reveal"
        class="plain"
        aria-keyshortcuts="R"
        aria-expanded="false"
        aria-controls="reasons"
      >
        What the model said ${key('R')}
      </button>
      <button type="button" id="next" class="plain" aria-keyshortcuts="ArrowRight Enter">
        Next ${key('→')}
      </button>
    </div>
    <div id="reasons" hidden></div>
  </section>`;
}

function doneSection(): Html {
  return html`<section id="done" aria-labelledby="done-title" hidden>
    <h2 id="done-title" tabindex="-1"></h2>
    <p id="done-text"></p>
    <div class="ways">
      <button type="button" id="finish" class="main">Finish</button>
      <button type="button" id="to-open" class="plain">Go to the next one without a verdict</button>
    </div>
  </section>`;
}

function options(): Html {
  return html`<div class="options">
    <button type="button" id="open-help" class="plain" aria-keyshortcuts="?">
      Help and keys ${key('?')}
    </button>
    <label><input type="checkbox" id="play-at-once" checked /> Play at once</label>
    <label><input type="checkbox" id="go-on" /> Go on after a verdict</label>
  </div>`;
}

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['N'], 'normal: a reading as it should be'],
  [['A'], 'anomalous: silence, noise, another voice, music, too quiet, distorted, cut, no reading'],
  [['U'], 'unsure'],
  [['Space'], 'play and pause'],
  [['J', 'L'], 'three seconds back, or on'],
  [['←', '→'], 'previous and next recording; next also by Enter'],
  [['R'], 'show what the model said before your verdict: it is not blind then'],
  [['?'], 'this help'],
];

/** What the reviewer may expect, said before the first verdict: as it is, since who expects anomalies hears them. */
function drawnText({ top, random, randomFrom }: DrawnSample): string {
  if (randomFrom === 'all') return 'These recordings were drawn by chance from all of the date.';
  if (top === 0) return 'These recordings were drawn by chance from those that the model took for normal.';
  if (random === 0) return "These recordings are the model's most anomalous ones.";
  return "Some of these recordings are the model's most anomalous ones, the others were drawn by chance from those that it took for normal; which is which is shown after your verdict.";
}

function help(drawn: DrawnSample): Html {
  return html`<dialog id="help" aria-labelledby="help-title">
    <h2 id="help-title" tabindex="-1" autofocus>How to judge</h2>
    <p>
      Judge what you hear. ${drawnText(drawn)} Each verdict is on disk when it is shown; give another to
      change it. Pass over what you cannot judge. What cannot be played takes no verdict but unsure.
    </p>
    <dl>
      ${KEYS.map(
        ([keys, does]) =>
          html`<div>
            <dt>${keys.map((name) => html`<kbd>${name}</kbd>`)}</dt>
            <dd>${does}</dd>
          </div>`,
      )}
    </dl>
    <p>
      <label><input type="checkbox" id="keys-on" checked /> Keys act on the page</label>
    </p>
    <button type="button" id="close-help" class="main">Close</button>
  </dialog>`;
}
