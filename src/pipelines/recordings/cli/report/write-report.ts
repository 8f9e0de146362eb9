import { resolve } from 'node:path';
import { discoveryWorkflowId } from '../../contract/names.js';
import { DependencyUnavailable, InvalidInput } from '../../../../platform/errors.js';
import { ownVersion } from '../../../../platform/own-version.js';
import type { ReportedRecording } from '../../report/run-results.js';
import type { PicturedRecording, Report, ReportedRun } from '../../report/report.js';
import { EXIT, type ExitCode } from '../../../../commands/context.js';
import type { RecordingsContext } from '../context.js';
import { explainMissingStatus } from '../../../../temporal/runs/explain-missing-status.js';
import { readResultSettings } from './result-settings.js';
import { sourceCollection, testDateOr } from '../runs/run-target.js';
import type { RecordingsSummary } from '../../contract/run-summary.js';
import { readCalibrated } from './read-calibrated.js';
import { readAudio } from './read-audio.js';
import { writeWhole } from '../../../../commands/write-whole.js';

export interface ReportOptions {
  out?: string;
  top: number;
  /** False: no recording is read. */
  audio: boolean;
  audioLinks?: boolean;
  linkHours: number;
  timeZone?: string;
}

const HOUR_MS = 3_600_000;

/** Writes a date's report. Exit code 1 for a date without results, whose page says so. */
export async function writeReport(
  context: RecordingsContext,
  given: string | undefined,
  options: ReportOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const environment = context.readEnvironment();
  const testDate = testDateOr(given, environment);
  const timeZone = checkedTimeZone(options.timeZone);
  if (options.audioLinks === true && !options.audio) {
    throw new InvalidInput('--audio-links and --no-audio exclude each other.');
  }
  const collection = sourceCollection(environment);
  const settings = readResultSettings(environment);
  const calibrated = readCalibrated(environment);
  const reader = await context.openRunReader(settings);
  const run = await findRun(context, discoveryWorkflowId(collection, testDate));
  // What a redrive brought after the run is no part of its pace.
  const span = 'missing' in run ? {} : { since: run.startedAt, until: run.closedAt ?? undefined };
  const report: Report = {
    testDate,
    sourceCollection: collection,
    generatedAt: context.now(),
    version: ownVersion(),
    timeZone,
    run,
    calibrated,
    results: await reader
      .read({ testDate, sourceCollection: collection, top: options.top, calibrated, ...span })
      .finally(() => reader.close()),
    recordings: [],
    linksEndAt: null,
  };
  await addRecordings(context, report, options);

  const { renderPage } = await import('../../report/page/page.js');
  const path = resolve(options.out ?? `report-${testDate}.html`);
  await writeWhole('--out', path, renderPage(report));
  const { recordings } = report.results;
  terminal.out(path);
  if (recordings > 0) return EXIT.ok;
  terminal.err(`vachan: ${testDate} has no results of ${collection} in ${settings.MONGO_RESULT_COLLECTION}.`);
  return EXIT.failed;
}

async function addRecordings(
  context: RecordingsContext,
  report: Report,
  options: ReportOptions,
): Promise<void> {
  const { mostAnomalous } = report.results;
  const plain = (recording: ReportedRecording): PicturedRecording => ({
    ...recording,
    drawn: undefined,
    link: undefined,
  });
  if (!options.audio || mostAnomalous.length === 0) {
    report.recordings = mostAnomalous.map(plain);
    return;
  }
  context.terminal.err(`Drawing ${mostAnomalous.length} recordings…`);
  const linkSeconds = options.audioLinks === true ? options.linkHours * 3600 : undefined;
  const read = await readAudio(
    context,
    mostAnomalous.map(({ address }) => address),
    linkSeconds,
  );
  report.recordings = mostAnomalous.map((recording, index) => ({ ...recording, ...read[index]! }));
  if (report.recordings.some(({ link }) => link !== undefined)) {
    report.linksEndAt = new Date(context.now().getTime() + options.linkHours * HOUR_MS);
  }
}

/** A report is as good without the run: results outlive Temporal's retention, and its server may be away. */
async function findRun(
  context: RecordingsContext,
  workflowId: string,
): Promise<ReportedRun | { missing: string }> {
  try {
    const runs = await context.connectRuns();
    try {
      const description = await runs.describe(workflowId);
      const found = {
        workflowId,
        state: description.state,
        startedAt: new Date(description.started_at),
        closedAt: description.closed_at === null ? null : new Date(description.closed_at),
      };
      if (description.state === 'running') {
        const answer = await runs.status(workflowId);
        return answer.kind === 'answered'
          ? { ...found, summary: answer.summary as RecordingsSummary }
          : { missing: `the run is under way. ${explainMissingStatus(answer, description)}` };
      }
      const end = await runs.end(description);
      return 'failure' in end
        ? { missing: `the last run ${end.state}: ${end.failure}` }
        : { ...found, summary: end.summary as RecordingsSummary };
    } finally {
      await runs.close();
    }
  } catch (error) {
    if (error instanceof InvalidInput || error instanceof DependencyUnavailable) {
      return { missing: error.message };
    }
    throw error;
  }
}

function checkedTimeZone(zone: string | undefined): string {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions();
    // Resolved names may be older ones: Asia/Calcutta.
    return zone ?? timeZone;
  } catch (cause) {
    throw new InvalidInput(
      `--time-zone is ${JSON.stringify(zone)}; expected an IANA name such as Asia/Kolkata.`,
      { cause },
    );
  }
}
