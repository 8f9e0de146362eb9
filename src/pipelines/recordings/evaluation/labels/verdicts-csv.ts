import { preview } from '../../../../platform/text/printable.js';
import { isAnomalous } from './label-words.js';
import { createProblems, readNamedRows } from './named-rows.js';

/** How a recording came to be reviewed: for its high score, or drawn at random. */
export const SAMPLES = ['top', 'random'] as const;
export type Sample = (typeof SAMPLES)[number];

/** What a reviewer said of one result. */
export interface Verdict {
  line: number;
  result_document_id: string;
  /** `open`: nobody has said anything yet. */
  verdict: 'normal' | 'anomalous' | 'unsure' | 'open';
  /** Null where the file does not say. */
  sample: Sample | null;
  kind: string | null;
}

const COLUMNS = {
  id: { names: ['result_document_id'], required: true },
  verdict: { names: ['verdict'], required: true },
  sample: { names: ['sample'], required: false },
  kind: { names: ['kind'], required: false },
} as const;

const RESULT_ID = /^[0-9a-f]{64}$/;

/**
 * Reads a reviewer's CSV: `result_document_id`, `verdict` (normal, anomalous, unsure, or nothing yet), and where there are, `sample` (top or random) and
 * `kind`.
 *
 * @throws CommandMisused that names every bad row (the first ten) by file, line, column and value
 */
export function readVerdicts(path: string): Verdict[] {
  const problems = createProblems(path);
  const lineOf = new Map<string, number>();
  const verdicts = readNamedRows(path, COLUMNS).map(({ line, cells }): Verdict => {
    const { id = '', verdict = '', sample = '', kind = '' } = cells;
    const read = readVerdict(verdict);
    const before = lineOf.get(id);
    if (!RESULT_ID.test(id)) {
      problems.add(line, `column result_document_id is ${preview(id)}; expected 64 hexadecimal digits`);
    } else if (before !== undefined) {
      problems.add(line, `column result_document_id is ${id}, which line ${before} has; expected each once`);
    }
    if (read === undefined) {
      problems.add(line, `column verdict is ${preview(verdict)}; expected normal, anomalous or unsure`);
    }
    if (sample !== '' && !(SAMPLES as readonly string[]).includes(sample)) {
      problems.add(line, `column sample is ${preview(sample)}; expected ${SAMPLES.join(' or ')}, or nothing`);
    }
    lineOf.set(id, before ?? line);
    return {
      line,
      result_document_id: id,
      verdict: read ?? 'open',
      sample: sample === '' ? null : (sample as Sample),
      kind: kind === '' ? null : kind,
    };
  });
  problems.refuse();
  return verdicts;
}

function readVerdict(word: string): Verdict['verdict'] | undefined {
  if (word === '') return 'open';
  if (word.toLowerCase() === 'unsure') return 'unsure';
  const anomalous = isAnomalous(word);
  return anomalous === undefined ? undefined : anomalous ? 'anomalous' : 'normal';
}
