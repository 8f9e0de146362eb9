import { join } from 'node:path';
import { ok, warning, type Check, type Finding } from '../../../commands/finding.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { openContentAnalyser, openTranscriber } from '../analysis/open-plugs.js';
import { SPEECH_MODEL, TRANSCRIPT_MODEL } from '../analysis/audio/open-audio-analyser.js';
import { VIDEO_MODELS } from '../analysis/video/picture-analyser.js';
import { hasWeights, readModel } from '../models/model-files.js';
import { interviewModels } from '../process/interview-models.js';
import { INTERVIEW_ANALYSIS_SETTINGS } from '../settings/analysis-settings.js';

const NAME = 'Models of interviews';

/** The models' bytes, and who writes down what is said. No service is asked anything. */
export function modelsCheck(environment: Environment): Check {
  return {
    name: NAME,
    todo: 'Check INTERVIEW_MODELS_PATH, INTERVIEW_TRANSCRIBER* and INTERVIEW_CONTENT_ANALYSER*.',
    run: () => {
      const settings = loadSettings(environment, INTERVIEW_ANALYSIS_SETTINGS);
      const folder = interviewModels(settings.INTERVIEW_MODELS_PATH);
      const models = [...Object.values(VIDEO_MODELS), SPEECH_MODEL].map((model) =>
        readModel(join(folder, model)),
      );
      const names = models.map(({ name, version }) => `${name} ${version}`);
      const content = openContentAnalyser(settings);
      if (content !== 'off') content.close();
      return Promise.resolve([
        ok(NAME, `as their manifests say: ${names.join(', ')}`),
        transcriptFinding(openTranscriber(settings), join(folder, TRANSCRIPT_MODEL)),
      ]);
    },
  };
}

function transcriptFinding(transcriber: ReturnType<typeof openTranscriber>, folder: string): Finding {
  if (transcriber === 'off') return ok(NAME, 'results have no transcript (INTERVIEW_TRANSCRIBER=off)');
  if (transcriber !== 'built_in') {
    void transcriber.release();
    return ok(NAME, `${transcriber.name} at ${transcriber.version} writes down what is said`);
  }
  if (!hasWeights(folder)) {
    return warning(
      NAME,
      'results have no transcript: the weights of the transcriber are not here',
      'Fetch them once with `npm run models` (44 MB), name a service (INTERVIEW_TRANSCRIBER=http), or switch it off.',
    );
  }
  const { name, version } = readModel(folder);
  return ok(NAME, `${name} ${version} writes down what is said, in English`);
}
