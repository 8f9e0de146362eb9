import { createConnectionPolicy } from '../../../objects/connection-policy.js';
import { AddressRefused } from '../../../objects/errors.js';
import { ConfigurationError } from '../../../platform/errors.js';
import type { SettingsOf } from '../../../platform/config/settings-table.js';
import type { Transcriber } from '../models/transcript/transcriber.js';
import type { INTERVIEW_ANALYSIS_SETTINGS } from '../settings/analysis-settings.js';
import type { ContentAnalyser } from './content/content-analyser.js';
import { countingAnalyser } from './content/count-content.js';
import { createHttpContentAnalyser } from './content/http-content-analyser.js';
import type { AnalysisService } from './service/ask-service.js';
import { createHttpTranscriber } from './transcript/http-transcriber.js';

/** Of plugs. */
export type AnalysisSettings = Omit<
  SettingsOf<typeof INTERVIEW_ANALYSIS_SETTINGS>,
  'INTERVIEW_MODELS_PATH' | 'INTERVIEW_SAMPLE_SECONDS' | 'INTERVIEW_SAMPLING'
>;

/** @throws ConfigurationError when its service has no address, or one that can never be asked */
export function openTranscriber(settings: AnalysisSettings): Transcriber | 'built_in' | 'off' {
  if (settings.INTERVIEW_TRANSCRIBER !== 'http') return settings.INTERVIEW_TRANSCRIBER;
  const service = serviceOf(settings, 'TRANSCRIBER', 'the transcriber');
  return createHttpTranscriber(service, settings.INTERVIEW_TRANSCRIBER_MODEL);
}

/** @throws ConfigurationError as above */
export function openContentAnalyser(settings: AnalysisSettings): ContentAnalyser | 'off' {
  if (settings.INTERVIEW_CONTENT_ANALYSER === 'off') return 'off';
  if (settings.INTERVIEW_CONTENT_ANALYSER === 'built_in') return countingAnalyser;
  return createHttpContentAnalyser(serviceOf(settings, 'CONTENT_ANALYSER', 'the content analyser'));
}

function serviceOf(
  settings: AnalysisSettings,
  prefix: 'TRANSCRIBER' | 'CONTENT_ANALYSER',
  name: string,
): AnalysisService {
  const address = settings[`INTERVIEW_${prefix}_URL`];
  if (address === undefined) {
    throw new ConfigurationError(`INTERVIEW_${prefix} is http, and INTERVIEW_${prefix}_URL is not set.`);
  }
  const url = new URL(address);
  const policy = createConnectionPolicy({
    what: name,
    privateHosts: settings.INTERVIEW_ANALYSIS_PRIVATE_HOSTS,
  });
  try {
    policy.agentFor(url);
  } catch (error) {
    policy.close();
    if (!(error instanceof AddressRefused)) throw error;
    throw new ConfigurationError(
      `INTERVIEW_${prefix}_URL cannot be used: ${error.message}. INTERVIEW_ANALYSIS_PRIVATE_HOSTS names exceptions.`,
    );
  }
  return {
    name,
    url,
    token: settings[`INTERVIEW_${prefix}_TOKEN`],
    policy,
    timeoutMs: settings.INTERVIEW_ANALYSIS_TIMEOUT * 1000,
  };
}
