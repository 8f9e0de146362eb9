import type { Inference, Reason } from '../../contract/result-document.js';
import { EXIT, type ExitCode } from '../../../../commands/context.js';
import type { RecordingsContext } from '../context.js';
import { pad, textWidth } from '../../../../commands/terminal/table.js';
import { eachFile, type FileResult } from './each-file.js';
import { openLocalEngine } from './local-engine.js';

/** The score of each file: a JSON line, or a table's row. Exit code 1 when a file cannot be used. */
export async function showScores(
  context: RecordingsContext,
  files: readonly string[],
  json: boolean,
): Promise<ExitCode> {
  const { terminal } = context;
  const local = await openLocalEngine(context, { files: files.length, scoring: true });
  let exitCode: ExitCode = EXIT.ok;
  try {
    const score = async (file: string): Promise<Inference> => {
      const { features } = await local.engine.extract(file);
      const [scored] = await local.engine.score([features]);
      return scored!.inference;
    };
    const fileWidth = Math.max(TITLES.file.length, ...files.map(textWidth));
    if (!json) terminal.out(row(fileWidth, TITLES));
    for await (const result of eachFile(files, local, score)) {
      if (result.error !== undefined) exitCode = EXIT.failed;
      terminal.out(json ? JSON.stringify(toJson(result)) : tableRows(fileWidth, result));
    }
    if (!json) {
      const { name, version } = local.engine.model;
      terminal.err(`\nModel ${name} ${version}: a score above the threshold is an anomaly.`);
    }
    return exitCode;
  } finally {
    await local.engine.close();
  }
}

function toJson(result: FileResult<Inference>): object {
  if (result.error !== undefined) return result;
  const { is_anomaly, anomaly_score, prediction_label, threshold, reasons } = result.value;
  return { file: result.file, is_anomaly, anomaly_score, prediction_label, threshold, reasons };
}

interface Cells {
  file: string;
  label: string;
  score: string;
  threshold: string;
  reasons: string;
}

const TITLES: Cells = {
  file: 'file',
  label: 'label',
  score: 'score',
  threshold: 'threshold',
  reasons: 'reasons',
};
const GAP = '  ';
const LABEL_WIDTH = 'anomaly'.length;
const SCORE_WIDTH = 8;
const THRESHOLD_WIDTH = TITLES.threshold.length;
/** Below this share of the score, a reason explains too little to be read. */
const LEAST_CONTRIBUTION = 0.05;

function row(fileWidth: number, { file, label, score, threshold, reasons }: Cells): string {
  return [
    pad(file, fileWidth, 'left'),
    pad(label, LABEL_WIDTH, 'left'),
    pad(score, SCORE_WIDTH, 'right'),
    pad(threshold, THRESHOLD_WIDTH, 'right'),
    reasons,
  ]
    .join(GAP)
    .trimEnd();
}

function tableRows(fileWidth: number, result: FileResult<Inference>): string {
  if (result.error !== undefined) {
    return `${pad(result.file, fileWidth, 'left')}${GAP}error: ${result.error}`;
  }
  const { anomaly_score, prediction_label, threshold, reasons, is_anomaly } = result.value;
  const [first = '', ...more] = is_anomaly ? reasonWords(reasons) : [];
  const head = row(fileWidth, {
    file: result.file,
    label: prediction_label,
    score: anomaly_score.toFixed(3),
    threshold: threshold.toFixed(3),
    reasons: first,
  });
  const nothing = { file: '', label: '', score: '', threshold: '' };
  return [head, ...more.map((reasons) => row(fileWidth, { ...nothing, reasons }))].join('\n');
}

function reasonWords(reasons: readonly Reason[]): string[] {
  return reasons
    .filter(({ contribution }) => contribution >= LEAST_CONTRIBUTION)
    .map(({ description, contribution }) => `${description} (${Math.round(contribution * 100)} %)`);
}
