import { readInstant } from '../../../contract/instants.js';

/**
 * What a body holds: a message's fields, nothing to do, or why there is no message in it. Reasons quote nothing of
 * the body.
 */
export type OpenedBody =
  | { fields: Record<string, unknown>; reason?: never; notice?: never }
  | { notice: string; fields?: never; reason?: never }
  | { reason: string; fields?: never; notice?: never };

/** An envelope may lie in another: S3 tells SNS, which tells SQS. */
const MOST_ENVELOPES = 3;
const BYTE_ORDER_MARK = /^\uFEFF/;
const BASE64 = /^[A-Za-z0-9+/_-]{16,}={0,2}\s*$/;

/** Reads a body's JSON and takes it out of the envelopes of AWS: an SNS notification, an EventBridge event. */
export function openBody(body: string): OpenedBody {
  let text = body;
  for (let depth = 0; depth <= MOST_ENVELOPES; depth += 1) {
    const json = parseJson(text);
    if (json === undefined) return { reason: BASE64.test(text) ? 'not JSON (base64?)' : 'not JSON' };
    if (typeof json === 'string')
      return { reason: 'body: expected a JSON object, got JSON inside a JSON string' };
    if (!isRecord(json)) return { reason: 'body: expected object' };
    const inside = openEnvelope(json);
    if (typeof inside !== 'string') return inside;
    text = inside;
  }
  return { reason: `body: more than ${MOST_ENVELOPES} envelopes` };
}

/** The text inside an envelope, or what an object without one is. */
function openEnvelope(json: Record<string, unknown>): string | OpenedBody {
  if (typeof json['TopicArn'] === 'string' || typeof json['SigningCertURL'] === 'string') {
    if (json['Type'] === 'Notification' && typeof json['Message'] === 'string') return json['Message'];
    return { reason: `an SNS envelope without a message (a subscription to be confirmed?)` };
  }
  if (json['Type'] === 'Notification' && typeof json['Message'] === 'string') return json['Message'];
  if (json['Service'] === 'Amazon S3' && json['Event'] === 's3:TestEvent') return { notice: 's3:TestEvent' };
  if (isS3Event(json)) return { reason: S3_EVENT };
  if (typeof json['detail-type'] === 'string' && isRecord(json['detail'])) {
    return json['source'] === 'aws.s3' ? { reason: S3_EVENT } : JSON.stringify(json['detail']);
  }
  return { fields: evenOut(json) };
}

/** It names an object and no row: whose recording it is, of which date and subject, stands nowhere in it. */
const S3_EVENT =
  'an S3 event notification, which names an object and no row: let discovery queue it, or send it with `vachan push-audio-urls`';

function isS3Event({ Records: records }: Record<string, unknown>): boolean {
  return Array.isArray(records) && records.some((one) => isRecord(one) && one['eventSource'] === 'aws:s3');
}

const INSTANTS = ['source_updated_at', 'subject_created_at', 'discovered_at'];
const IDS = ['mongo_doc_id', 'source_record_id', 'assessment_record_id', 'subject_id', 'student_id', 'udise'];

/**
 * Other producers' spellings of the same values, in the contract's form; what is no such value is left for the schema
 * to refuse.
 */
function evenOut(json: Record<string, unknown>): Record<string, unknown> {
  const fields = { ...json };
  for (const name of INSTANTS) {
    const value = json[name];
    if (typeof value === 'string') fields[name] = readInstant(value) ?? value;
  }
  for (const name of IDS) {
    const value = json[name];
    // A number that JSON.parse may have rounded is no id any more.
    if (typeof value === 'number' && Number.isSafeInteger(value)) fields[name] = String(value);
  }
  // Nothing depends on it; student_id, which is part of the identity, must be there or say that there is none.
  if (!Object.hasOwn(json, 'udise')) fields['udise'] = null;
  return fields;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(BYTE_ORDER_MARK, '')) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
