import { messageBody } from '../../contract/message.js';
import { recordingFifoIds } from '../../contract/fifo-ids.js';
import type { CliContext, ExitCode } from '../../../../commands/context.js';
import { completeMessage } from './complete-message.js';
import { readCsvRecordings } from './csv-recordings.js';
import { deliver, type DeliveryOptions, type LineReport } from './deliver.js';
import { messageRules } from './message-settings.js';
import type { LineMessage } from './send-messages.js';

export interface PushOptions extends DeliveryOptions {
  testDate?: string;
}

/** Sends one message for each row of a CSV file. Rows that cannot be sent are told by line number; the others go. */
export async function pushAudioUrls(
  context: CliContext,
  path: string,
  options: PushOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const rules = messageRules(context, options.testDate);
  const { rows, ignoredColumns } = readCsvRecordings(path);
  const report: LineReport = { from: path, problems: [], duplicates: 0 };
  const lineOf = new Map<string, number>();

  async function* messages(): AsyncGenerator<LineMessage> {
    for await (const row of rows) {
      const { line } = row;
      const completed = row.problem === undefined ? completeMessage(row.fields, rules) : row;
      if (completed.problem !== undefined) {
        report.problems.push({ line, problem: completed.problem });
        terminal.err(`${path}:${line}: not sent: ${completed.problem}`);
        continue;
      }
      const { message, resultDocumentId: id } = completed;
      const earlier = lineOf.get(id);
      if (earlier !== undefined) {
        report.duplicates++;
        terminal.err(`${path}:${line}: left out: the same recording as line ${earlier}`);
        continue;
      }
      lineOf.set(id, line);
      yield { line, body: messageBody(message), ...recordingFifoIds(message, id, rules.sending) };
    }
    if (ignoredColumns.length > 0) {
      terminal.err(`${path}: columns that no message has were ignored: ${ignoredColumns.join(', ')}`);
    }
  }

  return deliver(context, messages(), report, options);
}
