import { choice } from '../setting.js';

/** Which part a process plays, and how much it says. */
export const PROCESS_SETTINGS = {
  SERVICE_MODE: choice(['all', 'orchestrator', 'inference'], {
    default: 'all',
    about: 'Which part this process plays: orchestrator (workflows, discovery), inference (audio), or both.',
  }),
  LOG_LEVEL: choice(['debug', 'info', 'warn', 'error'], {
    default: 'info',
    about: 'Least severe level written.',
  }),
} as const;
