import type { Answer, Reply } from './http-proxy.js';
import type { Random } from './random.js';

/** What goes wrong with SQS for now. */
export interface SqsTrouble {
  kind: 'half_failed' | 'at_cap' | 'reordered';
  random: Random;
}

interface Entry {
  Id: string;
  DelaySeconds?: number;
}

interface BatchAnswer {
  Successful?: { Id: string }[];
  Failed?: { Id: string; Code: string; Message: string; SenderFault: boolean }[];
}

/** Of the entries of a batch call, so many are refused. */
const REFUSED_SHARE = 0.4;
/** Of those, so many went through all the same: SQS did it, and could not say so. */
const DONE_ALL_THE_SAME_SHARE = 0.5;
/** Of whole batch calls, so many are carried out without an answer. */
const UNANSWERED_SHARE = 0.1;
/** Messages that are put back by up to this overtake each other by whole pages. */
const MAX_DELAY_SECONDS = 8;

/** Carries out a call of SQS's JSON protocol, as badly as it is told to. */
export async function troubleSqs(
  trouble: SqsTrouble | undefined,
  target: string,
  body: Buffer,
  forward: (body: Buffer) => Promise<Answer>,
): Promise<Reply> {
  const action = target.replace(/^AmazonSQS\./, '');
  if (trouble === undefined) return forward(body);
  const { kind, random } = trouble;
  if (kind === 'at_cap') {
    // With 120,000 messages in flight a long poll is answered at once, empty and without an error.
    return action === 'ReceiveMessage' ? json({}) : forward(body);
  }
  if (kind === 'reordered') return reorder(action, body, random, forward);
  return action.endsWith('Batch') ? failHalf(body, random, forward) : forward(body);
}

async function failHalf(
  body: Buffer,
  random: Random,
  forward: (body: Buffer) => Promise<Answer>,
): Promise<Reply> {
  const call = JSON.parse(body.toString()) as { Entries: Entry[] };
  if (random.next() < UNANSWERED_SHARE) {
    await forward(body);
    return undefined;
  }
  const refused = call.Entries.filter(() => random.next() < REFUSED_SHARE);
  const undone = new Set(refused.filter(() => random.next() >= DONE_ALL_THE_SAME_SHARE));
  const done = call.Entries.filter((entry) => !undone.has(entry));
  const answer = done.length === 0 ? json({}) : await forward(text({ ...call, Entries: done }));
  if (answer.status !== 200) return answer;
  const { Successful: successful = [], Failed: failed = [] } = JSON.parse(
    answer.body.toString(),
  ) as BatchAnswer;
  const refusedIds = new Set(refused.map(({ Id: id }) => id));
  return json({
    Successful: successful.filter(({ Id: id }) => !refusedIds.has(id)),
    Failed: [
      ...failed.filter(({ Id: id }) => !refusedIds.has(id)),
      ...[...refusedIds].map((id) => ({
        ...{ Id: id, Code: 'InternalError', SenderFault: false },
        Message: 'We encountered an internal error. Please try again.',
      })),
    ],
  });
}

async function reorder(
  action: string,
  body: Buffer,
  random: Random,
  forward: (body: Buffer) => Promise<Answer>,
): Promise<Reply> {
  if (action === 'SendMessageBatch') {
    const call = JSON.parse(body.toString()) as { Entries: Entry[] };
    const entries = call.Entries.map((entry) => ({
      ...entry,
      DelaySeconds: random.between(0, MAX_DELAY_SECONDS),
    }));
    return forward(text({ ...call, Entries: random.shuffled(entries) }));
  }
  const answer = await forward(body);
  if (action !== 'ReceiveMessage' || answer.status !== 200) return answer;
  const received = JSON.parse(answer.body.toString()) as { Messages?: unknown[] };
  return json({ ...received, Messages: random.shuffled(received.Messages ?? []) });
}

const text = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const json = (value: unknown): Answer => ({
  ...{ status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' } },
  body: text(value),
});
