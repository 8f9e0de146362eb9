import { EXIT, type ExitCode } from '../../../../commands/context.js';
import type { RecordingsContext } from '../context.js';
import { pad } from '../../../../commands/terminal/table.js';
import { eachFile } from './each-file.js';
import { openLocalEngine } from './local-engine.js';

/** The features of each file: a JSON line, or a block of names and values. Exit code 1 when a file cannot be used. */
export async function showFeatures(
  context: RecordingsContext,
  files: readonly string[],
  json: boolean,
): Promise<ExitCode> {
  const { terminal } = context;
  const { FEATURE_NAMES } = await import('../../audio/features/feature-names.js');
  const local = await openLocalEngine(context, { files: files.length, scoring: false });
  let exitCode: ExitCode = EXIT.ok;
  try {
    const extract = async (file: string): Promise<Float64Array> =>
      (await local.engine.extract(file)).features;
    for await (const result of eachFile(files, local, extract)) {
      if (result.error !== undefined) exitCode = EXIT.failed;
      if (json) terminal.out(JSON.stringify(toJson(result, FEATURE_NAMES)));
      else if (result.error === undefined) {
        terminal.out(`${result.file}\n${inColumns(result.value, FEATURE_NAMES, terminal.columns)}\n`);
      } else terminal.err(`${result.file}: ${result.error}\n`);
    }
    return exitCode;
  } finally {
    await local.engine.close();
  }
}

type Extracted = { file: string; error?: never; value: Float64Array } | { file: string; error: string };

function toJson(result: Extracted, names: readonly string[]): object {
  if (result.error !== undefined) return result;
  const features = Object.fromEntries(names.map((name, index) => [name, result.value[index]]));
  return { file: result.file, features };
}

/** Five digits are what a person compares; `--json` has all of them. */
const SHOWN_DIGITS = 5;
const INDENT = '  ';
const GAP = '   ';

/** Names and values, read downwards, in as many columns as fit. */
function inColumns(values: Float64Array, names: readonly string[], width: number): string {
  const shown = Array.from(values, (value) => String(Number(value.toPrecision(SHOWN_DIGITS))));
  const nameWidth = Math.max(...names.map((name) => name.length));
  const valueWidth = Math.max(...shown.map((value) => value.length));
  const cells = names.map(
    (name, index) => `${pad(name, nameWidth, 'left')} ${pad(shown[index] ?? '', valueWidth, 'right')}`,
  );
  const cellWidth = nameWidth + 1 + valueWidth + GAP.length;
  const columns = Math.max(1, Math.floor((width - INDENT.length + GAP.length) / cellWidth));
  const rows = Math.ceil(cells.length / columns);
  return Array.from({ length: rows }, (_, row) =>
    (INDENT + cells.filter((_cell, index) => index % rows === row).join(GAP)).trimEnd(),
  ).join('\n');
}
