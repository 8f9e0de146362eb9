import { dirname, resolve } from 'node:path';
import { storedAddress } from '../../../../objects/address.js';
import { preview } from '../../../../platform/text/printable.js';
import { isAnomalous, LABELS_EXPECTED } from './label-words.js';
import { createProblems, readNamedRows } from './named-rows.js';

/** A recording that somebody has listened to. */
export interface LabelledRecording {
  line: number;
  /** As it is shown, and what it is the same recording by: as written, an address without its query string. */
  name: string;
  /** The path of a file, or the address that a fetcher takes. */
  source: { file: string } | { address: string };
  anomalous: boolean;
  /** In the words of whoever labelled it, such as `dropouts`; null without. */
  kind: string | null;
  /** Whose recordings belong together, such as those of one child; null without. */
  group: string | null;
}

const COLUMNS = {
  recording: { names: ['file', 'audio', 'audio_s3_url', 'audio_url'], required: true },
  label: { names: ['label'], required: true },
  kind: { names: ['kind'], required: false },
  group: { names: ['group'], required: false },
} as const;

const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Reads a CSV of labels: `file` (or `audio`) with a path, relative to the CSV's folder, or an s3:// or https:// address; `label`; `kind`
 * and `group` where there are.
 *
 * @throws CommandMisused that names every bad row (the first ten) by file, line, column and value
 */
export function readLabels(path: string): LabelledRecording[] {
  const problems = createProblems(path);
  const lineOf = new Map<string, number>();
  const labels = readNamedRows(path, COLUMNS).flatMap(({ line, cells }): LabelledRecording[] => {
    const { recording = '', label = '', kind = '', group = '' } = cells;
    const remote = ADDRESS.test(recording);
    const name = remote ? storedAddress(recording) : recording;
    const anomalous = isAnomalous(label);
    if (recording === '') {
      problems.add(line, 'column file is empty; expected a path, or an s3:// or https:// address');
    }
    if (anomalous === undefined) {
      problems.add(line, `column label is ${preview(label)}; expected ${LABELS_EXPECTED}`);
    }
    const source = remote ? { address: recording } : { file: resolve(dirname(path), recording) };
    const identity = remote ? name : resolve(dirname(path), recording);
    const before = lineOf.get(identity);
    if (recording !== '' && before !== undefined) {
      problems.add(
        line,
        `column file is ${preview(name, 400)}, which line ${before} has; expected each recording once`,
      );
    }
    lineOf.set(identity, before ?? line);
    return [
      {
        ...{ line, name, source, anomalous: anomalous === true },
        kind: kind === '' ? null : kind,
        group: group === '' ? null : group,
      },
    ];
  });
  problems.refuse();
  return labels;
}
