import { CommandMisused } from '../../../../commands/command-misused.js';
import { EXIT, type ExitCode } from '../../../../commands/context.js';
import { checkOutputFile } from '../../../../commands/output-file.js';
import { writeWhole } from '../../../../commands/write-whole.js';
import { count, thousands } from '../../../../commands/words.js';
import { InvalidInput } from '../../../../platform/errors.js';
import { drawCurve } from '../../evaluation/draw-curve.js';
import type { DateEstimate } from '../../evaluation/estimate-date.js';
import { evaluate, type Figures, type JudgedRecording } from '../../evaluation/evaluate.js';
import { readLabels } from '../../evaluation/labels/labels-csv.js';
import type { RecordingsContext } from '../context.js';
import { dateEstimateText, figuresText } from './figures-text.js';
import type { JoinedVerdicts } from './join-verdicts.js';
import { leftOutLines } from './left-out.js';
import { openReview } from './open-review.js';
import { scoreLabels, type UnreadRecording } from './score-labels.js';
import { scoreText } from './score-text.js';
import { tellUnread } from './tell-unread.js';

export interface EvaluateOptions {
  model?: string;
  verdicts?: string;
  testDate?: string;
  falseAlarms: number;
  worst: number;
  svg?: string;
  json?: boolean;
}

/** What was judged, wherever the labels are from. */
interface Material {
  /** Threshold null where nothing could be scored, or results do not say it. */
  model: { name: string; version: string; threshold: number | null };
  recordings: JudgedRecording[];
  representative?: readonly JudgedRecording[];
  /** Names the file, and for verdicts the date. */
  from: { labels: string } | { verdicts: string; test_date: string };
  unread: UnreadRecording[];
  left_out?: JoinedVerdicts['left_out'];
  whole_date?: DateEstimate | null;
  rests_on?: string[];
}

/** Shows the figures of labelled recordings or reviewed results. Exit code 1 when some had to be left out unread. */
export async function showEvaluation(
  context: RecordingsContext,
  labels: string | undefined,
  options: EvaluateOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const inputs = [labels, options.verdicts].filter((path) => path !== undefined);
  if (options.svg !== undefined) await checkOutputFile('--svg', options.svg, inputs);
  const { recordings, representative, ...material } = await gather(context, labels, options);
  const figures = evaluate(recordings, options.falseAlarms, options.worst, representative);
  const text = options.json !== true;
  if (text && recordings.length === 0) {
    tellUnread(terminal, material.unread);
    throw new InvalidInput('No recording could be evaluated.');
  }
  terminal.out(
    text
      ? `${headText({ recordings, ...material })}\n\n${figuresText(figures)}`
      : JSON.stringify({ ...material, ...figures }),
  );
  if (text) tellLeftOut(context, material);
  const drawn = options.svg === undefined || (await drawInto(options.svg, context, material.model, figures));
  const lost = material.unread.length + (material.left_out?.not_found ?? 0);
  return lost > 0 || !drawn ? EXIT.failed : EXIT.ok;
}

function gather(
  context: RecordingsContext,
  labels: string | undefined,
  { verdicts, model, testDate }: EvaluateOptions,
): Promise<Material> {
  if ((labels === undefined) === (verdicts === undefined)) {
    throw new CommandMisused('Expected either a CSV of labels or --verdicts with a CSV of verdicts.');
  }
  if (labels !== undefined) {
    if (testDate !== undefined) throw new CommandMisused('--test-date belongs to --verdicts.');
    return gatherLabels(context, labels, model);
  }
  if (model !== undefined) {
    throw new CommandMisused("--model does not go with --verdicts: a date's results say what scored them.");
  }
  return gatherVerdicts(context, verdicts!, testDate);
}

async function gatherLabels(
  context: RecordingsContext,
  labels: string,
  folder: string | undefined,
): Promise<Material> {
  const { model, scored, unread } = await scoreLabels(context, readLabels(labels), folder);
  return {
    model: { ...model, threshold: scored[0]?.inference.threshold ?? null },
    from: { labels },
    unread,
    recordings: scored.map(({ label: { name, anomalous, kind }, inference }) => ({
      ...{ name, anomalous, kind },
      score: inference.anomaly_score,
      flagged: inference.is_anomaly,
      reasons: inference.reasons,
    })),
  };
}

async function gatherVerdicts(
  context: RecordingsContext,
  verdicts: string,
  given: string | undefined,
): Promise<Material> {
  const review = await openReview(context, verdicts, given);
  const { name, version, threshold } = review.model;
  const { recordings, representative, left_out, whole_date, rests_on } = review;
  return {
    model: { name, version, threshold },
    from: { verdicts, test_date: review.of.testDate },
    unread: [],
    ...{ recordings, representative, left_out, whole_date, rests_on },
  };
}

function headText({ model, recordings, from, whole_date }: Material): string {
  const { name, version, threshold } = model;
  const anomalous = recordings.filter((recording) => recording.anomalous).length;
  const lines = [
    `Model ${name} ${version}${threshold === null ? '' : `: a score above ${scoreText(threshold)} is an anomaly.`}`,
    `${count(recordings.length, 'recording')}, ${thousands(recordings.length - anomalous)} normal and ${thousands(anomalous)} anomalous, by ${'labels' in from ? from.labels : `${from.verdicts} on ${from.test_date}`}`,
  ];
  return whole_date ? `${lines.join('\n')}\n\n${dateEstimateText(whole_date)}` : lines.join('\n');
}

function tellLeftOut({ terminal }: RecordingsContext, material: Omit<Material, 'recordings'>): void {
  const { unread, left_out, rests_on = [] } = material;
  const left = leftOutLines({
    unsure: left_out?.unsure,
    'without a verdict': left_out?.open,
    'without a result on this date': left_out?.not_found,
    'scored by another model or at another threshold': left_out?.other_model,
  });
  const notes = [...rests_on, ...left];
  if (notes.length > 0) terminal.err(`\n${notes.join('\n')}`);
  tellUnread(terminal, unread);
}

/** @returns whether there was a curve */
async function drawInto(
  path: string,
  { terminal }: RecordingsContext,
  model: Material['model'],
  figures: Figures,
): Promise<boolean> {
  if (figures.curve.length === 0) {
    terminal.err('vachan: --svg: no curve without normal and anomalous recordings; nothing was written.');
    return false;
  }
  const { name, version, threshold } = model;
  const svg = drawCurve({ model: `${name} ${version}`, threshold, figures });
  await writeWhole('--svg', path, svg);
  return true;
}
