import { Html, html } from '../../../../platform/page/html.js';
import { createClock, plural } from '../../../../platform/page/words.js';
import { JOB_STATUS } from '../../contract/job.js';
import { NOT_MEASURED } from '../../contract/result.js';
import type { InterviewReport } from '../interview-report.js';
import { mediumSection } from './medium-section.js';
import { STYLE } from './style.js';

/** No script at all, and no address: the page needs nothing but itself. */
const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
/** Not from data; a style's text is not escaped in HTML. */
const STYLE_ELEMENT = new Html(STYLE);
const clock = createClock('UTC');

/** An interview on one page. Everything from data is escaped, and the page's own policy forbids what might slip through. */
export function renderInterviewPage(report: InterviewReport): string {
  const { interviewId, jobs, media, generatedAt, version } = report;
  const questionsOf = (jobId: string): string[] =>
    jobs.find(({ job_id }) => job_id === jobId)?.questions?.map(({ text }) => text) ?? [];
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex, nofollow" />
      <meta name="referrer" content="no-referrer" />
      <title>Interview ${interviewId} · Vachan</title>
      <style>
        ${STYLE_ELEMENT}
      </style>
    </head>
    <body>
      <header>
        <p class="kicker">Vachan · interviews</p>
        <h1>Interview ${interviewId}</h1>
        <p class="lead">${lead(report)}</p>
      </header>
      <main>
        ${notice(report)} ${media.map((medium) => mediumSection(medium, questionsOf(medium.result.job_id)))}
        ${withoutResult(report)}
      </main>
      <footer>
        <p>
          Written by <code>${report.writtenBy}</code>, version ${version}, on ${clock.instant(generatedAt)}
          (UTC).
          ${
            report.writtenBy === 'vachan interviews report'
              ? 'Delete it when the interview is erased: no command knows where it is.'
              : undefined
          }
        </p>
      </footer>
    </body>
  </html>`;
  return `<!doctype html>\n${page.text}\n`;
}

function lead({ jobs, media }: InterviewReport): string {
  const failed = jobs.filter(({ status }) => status === JOB_STATUS.failed).length;
  const open = jobs.filter(
    ({ status }) => status === JOB_STATUS.pending || status === JOB_STATUS.processing,
  ).length;
  const measured =
    media.length === 0 ? 'Nothing was measured' : `${plural(media.length, 'medium', 'media')} measured`;
  const rest = [
    ...(failed === 0 ? [] : [`${plural(failed, 'job')} failed`]),
    ...(open === 0 ? [] : [`${plural(open, 'job')} still to end`]),
  ];
  return `${[measured, ...rest].join('; ')}.`;
}

function notice({ media }: InterviewReport): Html {
  const words = media.some(
    ({ result: { transcript } }) => transcript !== undefined && !('absent' in transcript),
  );
  return html`<aside class="notice" aria-label="Who may read this page, and what it does not say">
    <p>
      <strong>Who may read this:</strong> people who may hear this interview.
      ${words ? 'It holds what was said' : 'It holds no words'}, no sound and no pictures of people.
    </p>
    <p>
      <strong>What it does not say:</strong>
      ${NOT_MEASURED.map((word) => word.replaceAll('_', ' ')).join(', ')}. Nothing here measures any of these,
      and nothing here may be read as if it did.
    </p>
  </aside>`;
}

/** Jobs that the page has nothing of. */
function withoutResult({ jobs, media }: InterviewReport): Html | undefined {
  const missing = jobs.filter(({ job_id }) => !media.some(({ result }) => result.job_id === job_id));
  if (missing.length === 0) return undefined;
  return html`<section>
    <h2>Without a result</h2>
    <table class="plain">
      <tbody>
        ${missing.map(
          ({ key, status, error_type, error_message }) =>
            html`<tr>
              <th scope="row">${key}</th>
              <td>
                ${
                  status === JOB_STATUS.failed
                    ? [error_type, error_message].filter((part) => part !== undefined).join(': ') || 'failed'
                    : status === JOB_STATUS.completed
                      ? 'its result is past its retention'
                      : 'has not ended yet'
                }
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
