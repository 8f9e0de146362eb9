import { duration } from '../../../platform/config/duration-setting.js';
import { hosts } from '../../../platform/config/host-setting.js';
import { token } from '../../../platform/config/secret-setting.js';
import { choice, integer, text, url } from '../../../platform/config/setting.js';

/** What is measured, and with what. */
export const INTERVIEW_ANALYSIS_SETTINGS = {
  INTERVIEW_MODELS_PATH: text({
    default: 'models',
    about: 'Folder of the models of faces, landmarks, speech and words.',
  }),
  INTERVIEW_SAMPLE_SECONDS: integer(
    { min: 1, max: 60 },
    { default: '1', about: 'Seconds between two pictures of a video that are looked at.' },
  ),
  INTERVIEW_SAMPLING: choice(['every', 'adaptive'], {
    default: 'every',
    about:
      'Look at every one of those pictures, or (adaptive, several times cheaper) at keyframes first and then where something changed between two; what comes and goes between two that are alike is not seen, and eyes are measured at keyframes alone.',
  }),
  INTERVIEW_TRANSCRIBER: choice(['built_in', 'http', 'off'], {
    default: 'built_in',
    about:
      'Who writes down what is said: Moonshine in the process (English; its weights come by `npm run models`, and without them results have no transcript), a service at INTERVIEW_TRANSCRIBER_URL, or nobody.',
  }),
  INTERVIEW_TRANSCRIBER_URL: url(
    {
      about:
        "Service that speaks OpenAI's POST /v1/audio/transcriptions, as servers of Whisper do; its whole address. It gets pieces of speech of up to 30 s.",
    },
    ['http', 'https'],
  ),
  INTERVIEW_TRANSCRIBER_MODEL: text({
    default: 'whisper-1',
    about: 'Model that the service is asked for; the name of the engine in results.',
  }),
  INTERVIEW_TRANSCRIBER_TOKEN: token({
    about: 'Bearer token of that service; usually INTERVIEW_TRANSCRIBER_TOKEN_FILE.',
  }),
  INTERVIEW_CONTENT_ANALYSER: choice(['built_in', 'http', 'off'], {
    default: 'built_in',
    about:
      'Who says what a transcript holds: counts and key points by their words, a service at INTERVIEW_CONTENT_ANALYSER_URL, or nobody.',
  }),
  INTERVIEW_CONTENT_ANALYSER_URL: url(
    { about: 'Service that gets transcript and questions, and answers as docs/measures.md says.' },
    ['http', 'https'],
  ),
  INTERVIEW_CONTENT_ANALYSER_TOKEN: token({
    about: 'Bearer token of that service; usually INTERVIEW_CONTENT_ANALYSER_TOKEN_FILE.',
  }),
  INTERVIEW_ANALYSIS_TIMEOUT: duration(
    { min: '1s', max: '5m' },
    { default: '60s', about: 'Time for one request to such a service, which is made up to three times.' },
  ),
  INTERVIEW_ANALYSIS_PRIVATE_HOSTS: hosts({
    default: '',
    about:
      'Hosts with their port where these services may be reached by plain http and on private addresses; empty allows public https alone.',
  }),
} as const;
