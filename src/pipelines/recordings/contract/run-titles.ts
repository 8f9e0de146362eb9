import { preview, printable } from '../../../platform/text/printable.js';
import type { RunTitle } from '../../../temporal/runs/runs.js';
import type { DiscoveryInput, IngestInput } from './workflow-inputs.js';

/** @param startedBy what somebody did, such as `vachan start` */
export function discoveryTitle(
  { test_date: testDate, ...named }: DiscoveryInput,
  startedBy: string,
): RunTitle {
  return {
    staticSummary: `Recordings of ${testDate}`,
    staticDetails: [
      `Finds the recordings of **${testDate}**, queues them and has them scored.`,
      ...origin(startedBy, named),
    ].join('\n'),
  };
}

/** @param queue its name */
export function ingestTitle(queue: string, named: IngestInput, startedBy: string): RunTitle {
  return {
    staticSummary: `Recordings that others queue in ${queue}`,
    staticDetails: [
      `Has scored what others put into **${queue}**.`,
      ...origin(startedBy, { ...named, queue_url: undefined }),
    ].join('\n'),
  };
}

/** @param times in words, such as `0 19 * * * (Asia/Kolkata)` */
export function nightlyTitle(scheduleId: string, times: string): RunTitle {
  return {
    staticSummary: `Starts the discovery of its date (schedule ${scheduleId})`,
    staticDetails: `Fired by the schedule **${scheduleId}**: ${times}. Its result names the discovery, which goes on by itself.`,
  };
}

function origin(startedBy: string, named: Readonly<Record<string, unknown>>): string[] {
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return [
    '',
    `- **Started by** ${startedBy}`,
    ...given.map(
      ([name, value]) => `- **${name}** ${typeof value === 'string' ? printable(value) : preview(value)}`,
    ),
    `- ${given.length === 0 ? 'Everything' : 'Everything else'} comes from the worker's settings.`,
  ];
}
