import { AUDIO_DEFAULTS } from '../../../pipelines/recordings/audio/audio-defaults.js';
import { decimal, integer, list, text } from '../setting.js';

/** Which audio is accepted, how it is decoded and scored, and where what is written goes. */
export const AUDIO_SETTINGS = {
  AUDIO_ALLOWED_HOSTS: list({ default: '', about: 'Hosts besides S3 that https audio may be read from.' }),
  AUDIO_ALLOWED_BUCKETS: list({
    default: '',
    about: 'Buckets that audio may be read from; empty allows any.',
  }),
  AUDIO_MAX_BYTES: integer(
    { min: 1, max: 10_737_418_240 },
    {
      default: String(AUDIO_DEFAULTS.maxBytes),
      about: 'A larger object is refused while it streams (100 MiB: 20 minutes of CD-quality mono).',
    },
  ),
  AUDIO_MAX_SECONDS: decimal(
    { min: 1, max: 86_400 },
    { default: String(AUDIO_DEFAULTS.maxSeconds), about: 'A longer recording is refused while it decodes.' },
  ),
  AUDIO_MAX_CHANNELS: integer(
    { min: 1, max: 64 },
    { default: String(AUDIO_DEFAULTS.maxChannels), about: 'A recording with more is refused.' },
  ),
  AUDIO_POOL_SIZE: integer(
    { min: 1, max: 256 },
    {
      about:
        'Processes that decode, compute features and score; unset is one for each core that the machine or the container may use (its CPU quota, rounded down).',
    },
  ),
  AUDIO_DECODE_TIMEOUT_SECONDS: decimal(
    { min: 1, max: 3600 },
    {
      default: String(AUDIO_DEFAULTS.decodeTimeoutSeconds),
      about: 'Decoding and features of one recording; then its process is replaced.',
    },
  ),
  AUDIO_MEMBER_MEMORY_MB: integer(
    { min: 256, max: 65_536 },
    {
      about:
        'Memory of one audio process and the ffmpeg it starts, beyond which its recording fails as AudioTooComplex; unset is 512 and 20 for each minute of AUDIO_MAX_SECONDS.',
    },
  ),
  INFERENCE_TIMEOUT_SECONDS: decimal(
    { min: 0.1, max: 600 },
    { default: String(AUDIO_DEFAULTS.scoreTimeoutSeconds), about: 'Scoring of one batch.' },
  ),
  MODEL_PATH: text({ default: 'models/reading-audio', about: 'Folder of the model and its manifest.' }),
  SHADOW_MODEL_PATH: text({
    about:
      'Folder of a second model, whose scores are stored beside as inference_shadow and decide nothing; unset is none.',
  }),
  MODEL_RELOAD_SECONDS: decimal(
    { min: 0, max: 3600 },
    {
      default: '10',
      about:
        'How often both folders are looked at for a new version, which is taken into use between batches once its folder stands still; 0 is never.',
    },
  ),
  FEATURE_RETENTION_DAYS: integer(
    { min: 0, max: 3650 },
    {
      default: '30',
      about:
        "How long each recording's features are kept (0.5 KB each), from which a run's summary tells how the date differs from the model's training; 0 keeps none.",
    },
  ),
  CSV_OUTPUT_PATH: text({
    default: 'vachan-results.csv',
    about: 'A local file that grows, or s3://bucket/prefix for one object a batch.',
  }),
  SCRATCH_PATH: text({
    about: "Folder for downloaded audio while its batch lasts; unset is the system's temporary folder.",
  }),
} as const;
