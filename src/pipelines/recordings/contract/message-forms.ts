import { readInstant } from '../../../contract/instants.js';
import { isS3EventBridgeEvent, isS3Notification, openEnvelopes } from '../../../queue/envelopes.js';

/**
 * What a body holds: a message's fields, nothing to do, or why there is no message in it. Reasons quote nothing of
 * the body.
 */
export type OpenedBody =
  | { fields: Record<string, unknown>; reason?: never; notice?: never }
  | { notice: string; fields?: never; reason?: never }
  | { reason: string; fields?: never; notice?: never };

/** Reads a body's JSON and takes it out of the envelopes of AWS: an SNS notification, an EventBridge event. */
export function openBody(body: string): OpenedBody {
  const opened = openEnvelopes(body);
  if (opened.json === undefined) return opened;
  const { json } = opened;
  return isS3Notification(json) || isS3EventBridgeEvent(json)
    ? { reason: S3_EVENT }
    : { fields: evenOut(json) };
}

/** It names an object and no row: whose recording it is, of which date and subject, stands nowhere in it. */
const S3_EVENT =
  'an S3 event notification, which names an object and no row: let discovery queue it, or send it with `vachan push-audio-urls`';

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
