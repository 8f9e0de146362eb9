import type { CommandGroups } from '../commands/command-definition.js';
import type { DeadLetterPresentation } from '../commands/dead-letters/dead-letter-view.js';
import type { DoctorPart } from '../commands/finding.js';
import type { SettingsTable } from '../platform/config/settings-table.js';
import type { RunPresentation } from '../commands/runs/run-view.js';
import type { SecretWords } from '../platform/logging/redactor.js';

/** All that the process and the command line know of a pipeline. */
export interface Pipeline {
  /** As `PIPELINES` has it. */
  readonly name: string;
  /** Its own settings, beside the base's. Loaded on demand, since what checks them is heavy. */
  readonly settings: () => Promise<SettingsTable>;
  /** What it is for, in a sentence of `vachan --help`. */
  readonly about: string;
  /** Command lines that are worth trying first, with what they do. */
  readonly examples: readonly string[];
  /** Where its orchestrators listen, of an installation whose `TASK_QUEUE` this is. */
  readonly taskQueue: (base: string) => string;
  /** Who has to work there, in words, and the task queues by which their processes are known. */
  readonly roles: (base: string) => readonly { name: string; taskQueue: string }[];
  /** Names of the search attributes of its workflows, all keywords. */
  readonly searchAttributes: readonly string[];
  /** What the workflow ids of its batches start with: their spans are sampled. */
  readonly batchIdStart: string;
  /** Names of what is never logged. */
  readonly secretWords: SecretWords;
  readonly runs: RunPresentation;
  /** Undefined where it has no dead-letter queues. */
  readonly deadLetters?: DeadLetterPresentation;
  readonly doctor: DoctorPart;
  readonly commands: CommandGroups;
}
