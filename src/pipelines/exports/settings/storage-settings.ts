import { duration } from '../../../platform/config/duration-setting.js';
import { s3Prefix } from '../../../platform/config/s3-prefix-setting.js';
import { choice, flag, integer, matching, pairs, text } from '../../../platform/config/setting.js';
import { inHeader, s3Tags } from './checked-settings.js';

/** Where objects and the memory of the work go. */
export const EXPORT_STORAGE_SETTINGS = {
  EXPORT_OUTPUT_PREFIX: s3Prefix({
    required: true,
    about: 'Where objects go: below it the source, the export id and the name of the entry.',
  }),
  EXPORT_STATE_PREFIX: s3Prefix({
    required: true,
    apartFrom: 'EXPORT_OUTPUT_PREFIX',
    about:
      'Where listings, fragments and results go; apart from the output, so that events of S3 tell of objects only.',
  }),
  EXPORT_SPOOL: choice(['s3', 'disk', 'refuse'], {
    default: 's3',
    about:
      'What becomes of an archive whose server has no ranges or no strong ETag: kept below EXPORT_STATE_PREFIX or in SCRATCH_PATH while it is read, or refused. S3, since tasks of Fargate have 20 GB of disk.',
  }),
  EXPORT_KEY_TAKEN: choice(['reject', 'replace'], {
    default: 'reject',
    about:
      'What becomes of an entry whose key has another object; rejected, since nothing can tell which one is right.',
  }),
  EXPORT_KMS_KEY: inHeader({ about: "Key of KMS for the objects; unset is the bucket's own encryption." }),
  EXPORT_STORAGE_CLASS: matching(/^[A-Z][A-Z0-9_]{0,63}$/, 'a storage class, such as STANDARD_IA', {
    about: "Storage class of the objects; unset is the bucket's.",
  }),
  EXPORT_TAGS: s3Tags({ default: '', about: 'Tags of the objects, such as team=data,retention=1y.' }),
  EXPORT_BUCKET_OWNER: matching(/^\d{12}$/, 'the 12 digits of an AWS account', {
    about: 'AWS account that must own the bucket of EXPORT_OUTPUT_PREFIX; unset is not checked.',
  }),
} as const;

/** What is accepted in an archive. */
export const EXPORT_ARCHIVE_SETTINGS = {
  EXPORT_MAX_ENTRIES: integer(
    { min: 1, max: 10_000_000 },
    {
      default: '1000000',
      about:
        'An archive with more is refused as too_many_entries (a directory of 64 MiB holds about as many).',
    },
  ),
  EXPORT_MAX_DIRECTORY_BYTES: integer(
    { min: 1024, max: 1_073_741_824 },
    { default: '67108864', about: 'A larger directory is refused (64 MiB, half of EXPORT_BUFFER_BYTES).' },
  ),
  EXPORT_MAX_ENTRY_BYTES: integer(
    { min: 1, max: 5_497_558_138_880 },
    {
      default: '5497558138880',
      about: 'A larger entry is refused as too_large (5 TiB: the largest object of S3).',
    },
  ),
  EXPORT_MAX_RATIO: integer(
    { min: 2, max: 1100 },
    {
      default: '200',
      about:
        'Entries above 64 MiB that inflate more than so many times are refused as ratio, unless the metadata states their very size (text reaches 30; a bomb 1,032).',
    },
  ),
  EXPORT_BACKSLASH_IS_SLASH: flag({
    default: 'true',
    about:
      'Read a backslash in a name as a slash, as archivers of Windows mean it; the metadata has to know the name with slashes. Otherwise such a name is name_unsafe.',
  }),
} as const;

/** The table that says what an export should hold. */
export const EXPORT_METADATA_SETTINGS = {
  EXPORT_METADATA_TABLE: text(
    { required: true, about: 'DynamoDB table with a row for each entry of an export.' },
    255,
  ),
  EXPORT_METADATA_KEY: text({
    default: 'EXPORT#<source>#<export_id>',
    about: 'Partition key of the rows of an export, with <source> and <export_id> in place of its own.',
  }),
  EXPORT_METADATA_GRACE: duration(
    { min: '0s', max: '5m' },
    {
      default: '3s',
      about:
        'How long rows may come after their archive: entries without one are looked up again after it, once a job where none came. 3 s, since both are often written by one program.',
    },
  ),
  EXPORT_METADATA_ATTRIBUTES: pairs({
    default: '',
    about: 'Attributes under other names than the contract, e.g. pk=export_key,size=content_length.',
  }),
} as const;
