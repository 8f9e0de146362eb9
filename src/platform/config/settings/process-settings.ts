import { choice, integer, list, text } from '../setting.js';
import type { SettingsOf } from '../settings-table.js';

/** Which part a process plays, for whom, and how much it says. */
export const PROCESS_SETTINGS = {
  SERVICE_MODE: choice(['all', 'orchestrator', 'worker', 'inference'], {
    default: 'all',
    about:
      'Which part this process plays: orchestrator (workflows, and what is read for them), worker (the work itself; inference is its older name), or all.',
  }),
  PIPELINES: list({
    default: '',
    about: 'Pipelines that this process serves; empty serves each that any of its own settings names.',
  }),
  LOG_LEVEL: choice(['debug', 'info', 'warn', 'error'], {
    default: 'info',
    about: 'Least severe level written.',
  }),
  SHUTDOWN_GRACE_SECONDS: integer(
    { min: 0, max: 3600 },
    {
      default: '25',
      about: 'How long SIGTERM lets batches finish before they are given back (below the usual 30 s kill).',
    },
  ),
  SCRATCH_PATH: text({
    about: "Folder for what is downloaded, while it is worked on; unset is the system's temporary folder.",
  }),
} as const;

/** The parts that a process of this mode plays. */
export function rolesOf(mode: SettingsOf<typeof PROCESS_SETTINGS>['SERVICE_MODE']): {
  orchestrator: boolean;
  worker: boolean;
} {
  return { orchestrator: mode === 'all' || mode === 'orchestrator', worker: mode !== 'orchestrator' };
}
