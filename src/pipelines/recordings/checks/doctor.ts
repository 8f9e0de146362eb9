import type { DoctorPart } from '../../../commands/finding.js';

/** What recordings add to the options of `doctor`. */
export interface RecordingsDoctorOptions {
  audioUrl?: string;
  testDate?: string;
}

export const recordingsDoctor: DoctorPart = {
  examples: ['vachan doctor --test-date 2025-12-20', 'vachan doctor --audio-url s3://my-bucket/one.mp3'],
  addOptions: (command) =>
    command
      .option('--audio-url <url>', 'also read this recording, as a worker would')
      .option('--test-date <date>', "also count the date's rows by what keeps them out of a run"),
  checks: async (environment, options) => {
    const { allChecks } = await import('./all-checks.js');
    return allChecks(environment, options);
  },
};
