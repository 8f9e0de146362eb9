import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  parseMessage,
  type RecordingMessage,
} from '../../../../src/pipelines/recordings/contract/message.js';

export const folder = mkdtempSync(join(tmpdir(), 'vachan-cli-'));
export const removeFolder = (): void => rmSync(folder, { recursive: true });

/** @returns the path of a new file of these lines */
export function file(name: string, ...lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

export const environment = { SQS_QUEUE_URL: 'https://sqs.example/1/recordings' };
export const URL_A = 's3://recordings/a.mp3';
export const URL_B = 's3://recordings/b.mp3';

export function messagesOf(sent: readonly { body: string }[]): RecordingMessage[] {
  return sent.map(({ body }) => {
    const parsed = parseMessage(body);
    if (!parsed.ok) throw new Error(parsed.reason);
    return parsed.message;
  });
}
