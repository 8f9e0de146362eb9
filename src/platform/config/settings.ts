import { AUDIO_DEFAULTS } from '../../audio/audio-defaults.js';
import { DISCOVERY_MODES } from '../../contract/state-document.js';
import {
  certificates,
  choice,
  decimal,
  flag,
  integer,
  keyRing,
  list,
  origin,
  pairs,
  text,
  token,
  url,
} from './setting.js';

/**
 * Every setting of every process, in the order in which the README's table lists them.
 * `.env.example` and that table are generated from here (`npm run docs:settings`).
 */
export const SETTINGS = {
  SERVICE_MODE: choice(['all', 'orchestrator', 'inference'], {
    default: 'all',
    about: 'Which part this process plays: orchestrator (workflows, discovery), inference (audio), or both.',
  }),
  LOG_LEVEL: choice(['debug', 'info', 'warn', 'error'], {
    default: 'info',
    about: 'Least severe level written.',
  }),

  AWS_REGION: text({ default: 'ap-south-1', about: 'Region of the queue and the buckets.' }),
  AWS_ENDPOINT_URL: url(
    {
      about:
        "The AWS SDK's own variable for another SQS and S3 (the embedded stack, LocalStack). Its host is the one plain-http, private address that audio may be read from.",
    },
    ['http', 'https'],
  ),
  SQS_QUEUE_URL: url({ required: true, about: 'Queue between discovery and inference.' }, ['http', 'https']),
  SQS_ALLOWED_QUEUE_URLS: list({
    default: '',
    about: 'Further queues that a run may name as its queue_url.',
  }),
  SQS_FIFO_GROUP_ID: text({
    default: 'vachan',
    about: 'Message group on FIFO queues; deduplication is by result_document_id.',
  }),
  SQS_VISIBILITY_TIMEOUT_SECONDS: integer(
    { min: 2, max: 43_200 },
    {
      default: '120',
      about:
        'How long a message stays hidden without a word from its worker; the lease extends it, so this is only how late a dead worker is noticed.',
    },
  ),
  SQS_RETRY_DELAY_SECONDS: integer(
    { min: 0, max: 43_200 },
    { default: '30', about: 'Delay before a failed recording comes again; doubles with each receive.' },
  ),
  SQS_RETRY_DELAY_MAX_SECONDS: integer(
    { min: 0, max: 43_200 },
    { default: '900', about: 'Upper bound of that delay.' },
  ),

  QUEUE_EMPTY_CONFIRM_SECONDS: integer(
    { min: 1, max: 3600 },
    {
      default: '60',
      about:
        'A run ends when the queue is found empty twice, this far apart: SQS counts lag by up to a minute behind its messages.',
    },
  ),

  MONGO_URI: url(
    { required: true, secret: true, about: 'MongoDB with results, state and, by default, the source.' },
    ['mongodb', 'mongodb+srv'],
  ),
  MONGO_TLS: flag({
    default: 'false',
    about: 'Demand TLS with a certificate that verifies; a server or a MONGO_URI without it is refused.',
  }),
  MONGO_TLS_CA: certificates({
    about: "Authorities to trust for MongoDB instead of the system's; usually MONGO_TLS_CA_FILE.",
  }),
  MONGO_DB_NAME: text({ default: 'vachan', about: 'Database of all collections named here.' }),
  MONGO_SOURCE_COLLECTION: text({ default: 'student_assessment_record', about: 'Source documents.' }),
  MONGO_STATE_COLLECTION: text({
    default: 'anomaly_pipeline_state',
    about: "Mirror of each discovery's progress.",
  }),
  MONGO_RESULT_COLLECTION: text({ default: 'anomaly_detection_results', about: 'Result documents.' }),
  ENSURE_SOURCE_INDEXES: flag({
    default: 'false',
    about: "Create the source's indexes at start. Off, since the source is somebody else's.",
  }),
  ENABLE_SOURCE_BACKLINK_UPDATE: flag({
    default: 'false',
    about: 'Write anomaly_result_id and anomaly_processed_at into the source subject.',
  }),

  DISCOVERY_SOURCE_TYPE: choice(['mongo', 'postgres'], {
    default: 'mongo',
    about: 'Where recordings are listed.',
  }),
  POSTGRES_DSN: url(
    { secret: true, about: 'Postgres source; required when DISCOVERY_SOURCE_TYPE is postgres.' },
    ['postgres', 'postgresql'],
  ),
  POSTGRES_TLS: flag({
    default: 'false',
    about: 'Demand TLS with a certificate that verifies; a server or a POSTGRES_DSN without it is refused.',
  }),
  POSTGRES_TLS_CA: certificates({
    about: "Authorities to trust for Postgres instead of the system's; usually POSTGRES_TLS_CA_FILE.",
  }),
  POSTGRES_SCHEMA: text({ default: 'public', about: 'Schema of the source table.' }),
  POSTGRES_TABLE: text({ default: 'student_assessment_record', about: 'Source table.' }),
  POSTGRES_COLUMNS: pairs({
    default: '',
    about: 'Columns under other names than the contract, e.g. student_id=pupil_id,udise=school_code.',
  }),

  PIPELINE_NAME: text({ default: 'audio_anomaly', about: 'Written into results and state.' }),
  RESULT_ID_BASIS: choice(['recording', 'row'], {
    default: 'recording',
    about:
      'What makes two rows the same recording: child, subject, date and audio; or the source row itself.',
  }),
  TEST_DATE: text({ about: 'Date that `vachan start` takes when none is given.' }),
  SUBJECT_NAME: text({ default: 'वाचन', about: 'The reading subject; compared after Unicode NFC.' }),
  MONGO_TO_SQS_MODE: choice(DISCOVERY_MODES, {
    default: 'backfill',
    about: 'Mode of a run that names none.',
  }),
  DISCOVERY_BATCH_SIZE: integer({ min: 1, max: 5000 }, { default: '100', about: 'Rows a discovery page.' }),
  MAX_RECORDS: integer(
    { min: 1, max: 1_000_000_000 },
    { about: 'Messages a run sends at the most; unset is no bound.' },
  ),
  POLL_INTERVAL_SECONDS: integer(
    { min: 1, max: 86_400 },
    { default: '30', about: 'Sleep of an incremental run when nothing is new.' },
  ),
  WATERMARK_LOOKBACK_SECONDS: integer(
    { min: 0, max: 86_400 },
    {
      default: '300',
      about: 'How far behind the watermark an incremental poll looks for rows that arrived late.',
    },
  ),

  BATCH_SIZE: integer({ min: 1, max: 1000 }, { default: '100', about: 'Recordings a batch.' }),
  MAX_BATCH_WAIT_SECONDS: decimal(
    { min: 0, max: 300 },
    { default: '5', about: 'How long a batch that is not full waits for more messages.' },
  ),
  MAX_CONCURRENCY: integer(
    { min: 1, max: 64 },
    { default: '4', about: 'Batches at once in one inference process.' },
  ),
  DOWNLOAD_MAX_CONCURRENCY: integer(
    { min: 1, max: 256 },
    { default: '16', about: 'Downloads at once in one process.' },
  ),
  S3_CONNECT_TIMEOUT_SECONDS: decimal({ min: 0.1, max: 300 }, { default: '3', about: 'Bounds connecting.' }),
  S3_SOCK_READ_TIMEOUT_SECONDS: decimal(
    { min: 0.1, max: 300 },
    { default: '3', about: 'Bounds the silence between two pieces of a download.' },
  ),
  S3_TIMEOUT_SECONDS: decimal(
    { min: 0.1, max: 3600 },
    { default: '15', about: 'Bounds one attempt in all.' },
  ),
  S3_MAX_RETRIES: integer({ min: 0, max: 20 }, { default: '3', about: 'Further attempts after the first.' }),
  S3_RETRY_BACKOFF_SECONDS: decimal(
    { min: 0, max: 60 },
    { default: '0.5', about: 'Base of the exponential, fully jittered pause between attempts.' },
  ),
  AUDIO_ALLOWED_HOSTS: list({ default: '', about: 'Hosts besides S3 that https audio may be read from.' }),
  AUDIO_ALLOWED_BUCKETS: list({
    default: '',
    about: 'Buckets that audio may be read from; empty allows any.',
  }),
  AUDIO_MAX_BYTES: integer(
    { min: 1, max: 10_737_418_240 },
    {
      default: '104857600',
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
    { about: 'Processes that decode, compute features and score; unset is one a core.' },
  ),
  AUDIO_DECODE_TIMEOUT_SECONDS: decimal(
    { min: 1, max: 3600 },
    {
      default: String(AUDIO_DEFAULTS.decodeTimeoutSeconds),
      about: 'Decoding and features of one recording; then its process is replaced.',
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

  TASK_QUEUE: text({
    default: 'vachan',
    about: 'Temporal task queue of workflows and discovery; inference listens on <name>-inference.',
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
  SHUTDOWN_GRACE_SECONDS: integer(
    { min: 0, max: 3600 },
    {
      default: '25',
      about: 'How long SIGTERM lets batches finish before they are given back (below the usual 30 s kill).',
    },
  ),
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
  HEALTH_HOST: text({
    default: '127.0.0.1',
    about: 'Address of health and metrics; loopback unless told otherwise.',
  }),
  HEALTH_PORT: integer(
    { min: 0, max: 65_535 },
    { default: '8080', about: 'Their port; 0 picks a free one.' },
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(
    {
      about:
        "Where traces go, by OTLP over HTTP (http://collector:4318); unset is no tracing. OpenTelemetry's other variables (OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER…) hold too.",
    },
    ['http', 'https'],
  ),
  TRACE_RATIO: decimal(
    { min: 0, max: 1 },
    {
      default: '1',
      about:
        "Share of the records, and of the batches, whose spans are kept; a run's own always are. All suits a trial, 0.01 a night of 900,000.",
    },
  ),
  CLOUDWATCH_NAMESPACE: text({
    about:
      'CloudWatch namespace that orchestrators publish BacklogPerTask to each minute, for autoscaling; unset publishes nothing.',
  }),
} as const;

type SettingsTable = typeof SETTINGS;

/** The checked settings, under their environment names. */
export type Configuration = {
  readonly [Name in keyof SettingsTable]: SettingsTable[Name] extends { schema: { _output: infer Value } }
    ? Value
    : never;
};

export type SettingName = keyof Configuration;
