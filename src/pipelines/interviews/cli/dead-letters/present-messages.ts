import type { DeadLetterPresentation } from '../../../../commands/dead-letters/dead-letter-view.js';

/** How dead-letter messages of interviews are shown. */
export const interviewsDeadLetters: DeadLetterPresentation = {
  noun: 'interview',
  column: 'about',
  queueSetting: 'INTERVIEW_JOBS_QUEUE_URL',
  about: `Messages of interviews: those that were not understood ("unreadable"), and those that failed in every delivery,
mostly since MongoDB or Temporal was away.`,
  exampleCause: 'unrecorded',
  examples: {
    list: ['vachan dlq list --pipeline interviews'],
    redrive: ['vachan dlq redrive --pipeline interviews --reason unrecorded'],
    purge: ['vachan dlq purge --pipeline interviews --reason unreadable'],
    dlq: ['vachan dlq list --pipeline interviews'],
  },
  sentTwice: 'sent twice a job is added once',
  afterRedrive: 'Their jobs are added; see `vachan interviews list`.',
  addOptions: (command) => command,
  open: async (context, options) => {
    const { openMessages } = await import('./open-messages.js');
    return openMessages(context, options);
  },
};
