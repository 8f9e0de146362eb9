import { html, type Html } from '../../../../platform/page/html.js';
import type { InterviewResult } from '../../contract/result.js';
import { clockTime } from './clock-time.js';

/** What was said, with its times; or why that is not known. */
export function transcriptPart({ transcript }: Pick<InterviewResult, 'transcript'>): Html | undefined {
  if (transcript === undefined) return undefined;
  if ('absent' in transcript) {
    return html`<h3>Transcript</h3>
      <p class="soft">There is none: ${WHY_ABSENT[transcript.absent]}.</p>`;
  }
  if (transcript.segments.length === 0) {
    return html`<h3>Transcript</h3>
      <p class="soft">No words were heard.</p>`;
  }
  return html`<h3>Transcript</h3>
    <ol class="transcript" lang="${transcript.language}">
      ${transcript.segments.map(
        ({ start, text }) => html`<li><time>${clockTime(start)}</time><span>${text}</span></li>`,
      )}
    </ol>`;
}

const WHY_ABSENT = {
  switched_off: 'writing down what is said is switched off',
  no_model: 'the model was not there (npm run models)',
  language_unknown: 'the engine does not know the language',
  engine_failed: 'the engine failed',
} as const;

/** Which key points of each question were said. @param questions their texts, as the job had them */
export function questionsPart(
  { content }: Pick<InterviewResult, 'content'>,
  questions: readonly string[],
): Html | undefined {
  if (content === undefined || 'absent' in content || content.questions.length === 0) return undefined;
  return html`<h3>Key points</h3>
    <ol class="questions">
      ${content.questions.map(({ question, key_points: points }) => {
        const covered = points.filter((point) => point.covered);
        const where = covered.flatMap(({ at }) => (at === null ? [] : [clockTime(at.start)]));
        return html`<li>
          ${questions[question] ?? `Question ${question + 1}`}
          <div class="soft">
            ${
              points.length === 0
                ? 'No key points were given.'
                : `${covered.length} of ${points.length} key points were said${where.length === 0 ? '' : `, at ${where.join(', ')}`}.`
            }
          </div>
        </li>`;
      })}
    </ol>`;
}
