import { keyRing, token } from '../secret-setting.js';
import { integer, origin, text } from '../setting.js';

/** Temporal: task queues, versions, encryption and the codec server. */
export const TEMPORAL_SETTINGS = {
  TASK_QUEUE: text({
    default: 'vachan',
    about: 'What the names of its task queues in Temporal begin with.',
  }),
  WORKER_BUILD_ID: text({
    about:
      'Build of this orchestrator in its worker deployment, e.g. the git commit. Set, it gets workflows only once it is made current (docs/operations.md); unset, at once.',
  }),
  WORKER_DEPLOYMENT_NAME: text({
    default: 'vachan',
    about: 'Worker deployment that the build belongs to; read only with WORKER_BUILD_ID.',
  }),
  PAYLOAD_ENCRYPTION_KEYS: keyRing({
    about:
      'Encrypts everything that workflows take, give and keep in Temporal (AES-256-GCM). Further keys only decrypt; unset encrypts nothing.',
  }),
  CODEC_SERVER_HOST: text({
    default: '127.0.0.1',
    about: 'Address of `vachan codec-server`; loopback unless told otherwise, and then behind TLS.',
  }),
  CODEC_SERVER_PORT: integer(
    { min: 0, max: 65_535 },
    { default: '8081', about: 'Its port; 0 picks a free one.' },
  ),
  CODEC_SERVER_TOKEN: token({
    about: 'What its callers must bring as `Authorization: Bearer …` (openssl rand -hex 32).',
  }),
  CODEC_SERVER_UI_ORIGIN: origin({
    about: 'Origin of the Temporal Web UI, the only one whose pages may ask; unset is none.',
  }),
} as const;
