export const RUN_STATUSES = ['running', 'paused', 'draining', 'completed', 'stopped', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
