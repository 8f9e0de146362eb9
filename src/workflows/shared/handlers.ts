import { defineQuery, defineSignal } from '@temporalio/workflow';
import { HANDLERS } from '../../contract/names.js';

/** Where a run stands: its pipeline's summary. */
export const statusQuery = defineQuery<unknown>(HANDLERS.status);
/** Start nothing new until `resume`; what runs finishes. */
export const pauseSignal = defineSignal(HANDLERS.pause);
export const resumeSignal = defineSignal(HANDLERS.resume);
/** Start nothing new, finish what runs, end as `stopped`; the rest stays where it is. */
export const drainSignal = defineSignal(HANDLERS.drain);
