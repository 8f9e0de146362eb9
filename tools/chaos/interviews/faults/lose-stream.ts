import type { Fault } from '../../faults/fault.js';
import { anyProcess } from '../../faults/processes.js';
import type { Forgotten } from '../mongo-gate.js';
import type { InterviewsSite } from './site.js';

/** What MongoDB says of a place that has left the oplog, and of a token that it cannot read. */
const FORGOTTEN: readonly Forgotten[] = [
  { code: 286, codeName: 'ChangeStreamHistoryLost' },
  { code: 260, codeName: 'InvalidResumeToken' },
];
/** A driver resumes at once; a machine may be busy with other things. */
const RESUMED_WITHIN_MS = 20_000;

/** An orchestrator's connections break, and when it asks for its change stream to go on, its place is not known any more. */
export const loseStream: Fault<InterviewsSite> = {
  target: 'mongo',
  async inject({ fleet, ways }, random) {
    const cut = anyProcess(fleet, 'orchestrator', random);
    const forgotten = random.pick(FORGOTTEN);
    const isAsked = cut && (await ways.get(cut.name)?.loseStream(forgotten, RESUMED_WITHIN_MS));
    return isAsked === true ? `${cut.name}: ${forgotten.codeName}` : undefined;
  },
};
