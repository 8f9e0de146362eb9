import type { DeadLetterPresentation } from '../../../../commands/dead-letters/dead-letter-view.js';

/** How dead-letter messages of exports are shown; of which queue says --queue-url. */
export const exportsDeadLetters: DeadLetterPresentation = {
  noun: 'export',
  column: 'export_id',
  queueSetting: 'DOWNLOAD_TASKS_QUEUE_URL',
  about: `Messages of exports: download tasks that failed in every delivery, whose files have the fragment dead_letter within five
minutes. With --queue-url of EXPORT_JOBS_QUEUE_URL: messages that name jobs. "unreadable" is what was malformed.`,
  exampleCause: 'unrecorded',
  examples: {
    list: ['vachan dlq list --pipeline exports'],
    redrive: ['vachan dlq redrive --pipeline exports --dry-run'],
    purge: ['vachan dlq purge --pipeline exports --reason unreadable'],
    dlq: ['vachan dlq list --pipeline exports'],
  },
  sentTwice: 'sent twice their files are settled once',
  afterRedrive: 'The next attempt at their jobs starts by itself; see `vachan exports list`.',
  addOptions: (command) => command,
  open: async (context, options) => {
    const { openMessages } = await import('./open-messages.js');
    return openMessages(context, options);
  },
};
