import { decimal, integer, list } from '../../../platform/config/setting.js';
import { AUDIO_DEFAULTS } from '../audio/audio-defaults.js';

/** Which audio is accepted, and how it is decoded. */
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
} as const;
