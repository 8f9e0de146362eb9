import { reduceAudio } from '../analysis/audio/reduce-audio.js';
import { reduceContent } from '../analysis/content/content-analyser.js';
import { openContentAnalyser, type AnalysisSettings } from '../analysis/open-plugs.js';
import { reduceVideo } from '../analysis/video/reduce-video.js';
import { videoEngines } from '../analysis/video/video-engines.js';
import type { Reducers } from '../results/combine.js';
import type { InterviewsSettings } from '../settings/index.js';
import { interviewModels } from './interview-models.js';

export interface OpenReducers extends Reducers {
  close(): void;
}

/** What makes measures of samples and of what was heard. @throws ConfigurationError, ModelInvalid */
export function openReducers(
  config: AnalysisSettings & Pick<InterviewsSettings, 'INTERVIEW_MODELS_PATH'>,
): OpenReducers {
  const engines = videoEngines(interviewModels(config.INTERVIEW_MODELS_PATH));
  const analyser = openContentAnalyser(config);
  return {
    audio: reduceAudio,
    video: (samples, facts, { every }) => reduceVideo(samples, facts, { every, engines }),
    content: (said, signal) => reduceContent(analyser, said, signal),
    close: () => {
      if (analyser !== 'off') analyser.close();
    },
  };
}
