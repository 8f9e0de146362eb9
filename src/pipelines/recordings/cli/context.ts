import type { CliContext, ExitCode } from '../../../commands/context.js';
import type { Command } from 'commander';
import type { FetchSettings } from '../audio/fetch-audio.js';
import type { AudioEngine } from '../audio/audio-engine.js';
import type { AudioEngineOptions } from '../audio/pool/create-audio-engine.js';
import type { AudioAccess } from '../report/audio-access.js';
import type { ResultsAccess } from '../report/mongo-run-reader.js';
import type { RunReader } from '../report/run-results.js';
import type { SampleReader } from '../review/sample-reader.js';
import type { ScoreReader } from '../results/score-reader.js';

/** What the commands of recordings reach besides; tests hand in their own. */
export interface RecordingsClients {
  openRunReader: (options: ResultsAccess) => Promise<RunReader>;
  openSampleReader: (options: ResultsAccess) => Promise<SampleReader>;
  openScoreReader: (options: ResultsAccess) => Promise<ScoreReader>;
  openAudioAccess: (settings: FetchSettings) => Promise<AudioAccess>;
  openAudioEngine: (options: AudioEngineOptions) => Promise<AudioEngine>;
}

export type RecordingsContext = CliContext & RecordingsClients;

/** Makes a command that reaches what recordings have. */
export type RecordingsCommand = (context: RecordingsContext, end: (code: ExitCode) => void) => Command;

/** The real ones, each loaded by the command that needs it. */
export const recordingsClients: RecordingsClients = {
  openRunReader: async (options) => {
    const { createMongoRunReader } = await import('../report/mongo-run-reader.js');
    return createMongoRunReader(options);
  },
  openSampleReader: async (options) => {
    const { createMongoSampleReader } = await import('../review/mongo-sample-reader.js');
    return createMongoSampleReader(options);
  },
  openScoreReader: async (options) => {
    const { createMongoScoreReader } = await import('../results/mongo-score-reader.js');
    return createMongoScoreReader(options);
  },
  openAudioAccess: async (settings) => {
    const { openAudioAccess } = await import('../report/audio-access.js');
    return openAudioAccess(settings);
  },
  openAudioEngine: async (options) => {
    const { createAudioEngine } = await import('../audio/pool/create-audio-engine.js');
    return createAudioEngine(options);
  },
};
