import { duration } from '../../../platform/config/duration-setting.js';
import { hostPatterns, hosts } from '../../../platform/config/host-setting.js';
import { decimal, flag, integer, text, url } from '../../../platform/config/setting.js';

/** The Export API of the source `default`, or a file that says more of it and of others. */
export const EXPORT_API_SETTINGS = {
  EXPORT_API_URL: url(
    { about: 'Where the Export API is, when it follows the default contract; or EXPORT_API_ADAPTER.' },
    ['http', 'https'],
  ),
  EXPORT_API_TOKEN: text(
    { secret: true, about: 'Its bearer token; usually EXPORT_API_TOKEN_FILE. Unset sends none.' },
    8192,
  ),
  EXPORT_API_ADAPTER: text({
    about:
      'Path of a YAML file that tells of each source where its API is, what it calls things and how it pages.',
  }),
  EXPORT_API_RATE: decimal(
    { min: 0.1, max: 10_000 },
    {
      default: '10',
      about:
        'Calls a second of all orchestrators and workers together (100,000 jobs a day of a status, two pages and three links each are 7).',
    },
  ),
  EXPORT_API_TIMEOUT: duration(
    { min: '1s', max: '10m' },
    { default: '30s', about: 'One call of the API, from its start to the last byte of its answer.' },
  ),
  EXPORT_API_MAX_RETRIES: integer(
    { min: 0, max: 10 },
    {
      default: '2',
      about:
        'Further tries of a call at once after a fault; longer trouble is waited for outside of the call.',
    },
  ),
  EXPORT_API_PAGE_SIZE: integer(
    { min: 1, max: 1000 },
    { default: '1000', about: 'Files a page of the default contract: its most, since each page is a call.' },
  ),
  EXPORT_API_SECRETS: text(
    {
      secret: true,
      about:
        'Credentials that the adapter file refers to by name: a JSON object of texts, as secret stores hand out; usually EXPORT_API_SECRETS_FILE.',
    },
    65_536,
  ),
  EXPORT_API_ALLOWED_HOSTS: hostPatterns({
    default: '',
    about:
      'Hosts that archives of the source `default` may be downloaded from, exact or `*.example.org` for those below; empty allows any public one.',
  }),
  EXPORT_PRIVATE_HOSTS: hosts({
    default: '',
    about:
      'Hosts with their port (127.0.0.1:9000) that may be called by plain http and on private addresses, for an API and downloads inside the own network; empty allows public https alone.',
  }),
  EXPORT_API_ACKNOWLEDGE: flag({
    default: 'false',
    about: 'Tell the API at the end of a job how it ended. Off, since not every API wants to know.',
  }),
} as const;

/** How archives are downloaded. */
export const EXPORT_DOWNLOAD_SETTINGS = {
  EXPORT_DOWNLOAD_STALL: duration(
    { min: '1s', max: '1h' },
    {
      default: '1m',
      about:
        'Time without bytes after which a download is tried anew; well below the idle limits of proxies, and no server thinks for longer.',
    },
  ),
  EXPORT_DOWNLOAD_MAX_RETRIES: integer(
    { min: 0, max: 100 },
    {
      default: '8',
      about:
        'Further tries of a download that gains nothing, with pauses of up to 30 s between them: some two minutes of trouble.',
    },
  ),
} as const;
