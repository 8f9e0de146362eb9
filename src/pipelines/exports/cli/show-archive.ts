import { CommandMisused } from '../../../commands/command-misused.js';
import { EXIT, type ExitCode } from '../../../commands/context.js';
import { tableLines } from '../../../commands/terminal/table.js';
import { thousands } from '../../../commands/words.js';
import { InvalidInput } from '../../../platform/errors.js';
import { preview } from '../../../platform/text/printable.js';
import { fileAccess } from '../archive/file-access.js';
import { inspectArchive, inspectReport, type Inspection } from '../archive/inspect-archive.js';
import type { RandomAccess } from '../archive/random-access.js';
import { FileRefused } from '../errors.js';
import type { ExportsContext } from './context.js';

/** Says of an archive what a worker would take of it. */
export async function showArchive(
  { terminal, onInterrupt }: Pick<ExportsContext, 'terminal' | 'onInterrupt'>,
  target: string,
  { json = false }: { json?: boolean },
): Promise<ExitCode> {
  const leaving = new AbortController();
  const stopListening = onInterrupt(() => leaving.abort(new Error('Interrupted.')));
  try {
    const { inspection, size } = await inspect(target, leaving.signal);
    if (json) terminal.out(JSON.stringify(inspectReport(shownTarget(target), inspection)));
    else terminal.out(linesOf(inspection, size).join('\n'));
    return isSound(inspection) ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (leaving.signal.aborted) return EXIT.detached;
    throw error;
  } finally {
    stopListening();
  }
}

async function inspect(
  target: string,
  signal: AbortSignal,
): Promise<{ inspection: Inspection; size: number }> {
  let source: RandomAccess;
  try {
    source = await accessTo(target, signal);
  } catch (error) {
    // What a server says of a link is a file's reason as well.
    if (!(error instanceof FileRefused)) throw error;
    return { inspection: { reason: error.reason, detail: error.message, entries: [] }, size: 0 };
  }
  try {
    return { inspection: await inspectArchive(source, { signal }), size: source.size };
  } finally {
    await source.close();
  }
}

const isUrl = (target: string): boolean => /^https?:\/\//i.test(target);

async function accessTo(target: string, signal: AbortSignal): Promise<RandomAccess> {
  if (!isUrl(target)) return fileAt(target);
  if (!URL.canParse(target)) {
    throw new CommandMisused(`file_or_url: ${preview(shownTarget(target), 60)} is no address.`);
  }
  const { urlAccess } = await import('./url-access.js');
  return urlAccess(target, signal);
}

/** @throws CommandMisused where no archive can be read */
async function fileAt(path: string): Promise<RandomAccess> {
  try {
    return await fileAccess(path);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new CommandMisused(error.message, { cause: error });
  }
}

/** A presigned link's query is its secret, as is a password in front of the host. */
function shownTarget(target: string): string {
  return isUrl(target) ? target.replace(/[?#].*$/s, '').replace(/^(https?:\/\/)[^/]*@/i, '$1') : target;
}

function isSound({ reason, entries }: Inspection): boolean {
  return reason === undefined && entries.every(({ refusal }) => refusal === undefined);
}

function linesOf({ reason, detail, entries }: Inspection, bytes: number): string[] {
  if (reason !== undefined) return [`Refused: ${reason}${detail === undefined ? '' : `: ${detail}`}`];
  const refused = entries.filter(({ refusal }) => refusal !== undefined).length;
  const rows = entries.map(({ name, size, crc32, directory, refusal }) => [
    name,
    directory ? '' : String(size),
    directory ? '' : crc32,
    refusal === undefined ? 'ok' : [refusal.reason, refusal.detail].filter(Boolean).join(': '),
  ]);
  return [
    ...(rows.length === 0
      ? []
      : tableLines(
          [{ title: 'ENTRY' }, { title: 'BYTES', align: 'right' }, { title: 'CRC-32' }, { title: 'VERDICT' }],
          rows,
        )),
    `${thousands(entries.length)} entries in ${thousands(bytes)} bytes, ${thousands(refused)} refused.`,
  ];
}
