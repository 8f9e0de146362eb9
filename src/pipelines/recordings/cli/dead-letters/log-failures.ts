import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { InvalidInput } from '../../../../platform/errors.js';
import { addFailure, type FailureRecord } from '../../results/csv/read-failures.js';

/** The part of a worker's line that is read here. */
interface FailureLine {
  event?: string;
  time?: string;
  message_id?: string;
  receive_count?: number;
  error?: { name?: string; message?: string };
}

/**
 * Reads failed deliveries out of a worker's log (its JSON lines; others are passed over).
 *
 * @throws InvalidInput when the file cannot be read
 */
export async function readLogFailures(path: string, record: FailureRecord): Promise<void> {
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      // Cheaper than reading every line of a run as JSON.
      if (line.includes('"item_failed_pre_inference"')) addLine(line, record);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InvalidInput(`The log ${path} cannot be read: ${code ?? message}.`, { cause: error });
  }
}

function addLine(line: string, record: FailureRecord): void {
  let read: FailureLine;
  try {
    read = JSON.parse(line) as FailureLine;
  } catch {
    return;
  }
  const { event, time = '', message_id: id, receive_count: count, error } = read;
  if (event !== 'item_failed_pre_inference' || id === undefined || count === undefined) return;
  const text = `${error?.name ?? 'unknown'}: ${error?.message ?? ''}`;
  addFailure(record, id, { receive_count: count, error: text, processed_at: time });
}
