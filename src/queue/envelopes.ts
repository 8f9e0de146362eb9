/** What a message's body holds: a JSON object, nothing to do, or why there is none. Reasons quote nothing of the body. */
export type OpenedEnvelope =
  | { json: Record<string, unknown>; reason?: never; notice?: never }
  | { notice: string; json?: never; reason?: never }
  | { reason: string; json?: never; notice?: never };

/** An envelope may lie in another: S3 tells SNS, which tells SQS. */
const MOST_ENVELOPES = 3;
const BYTE_ORDER_MARK = /^\uFEFF/;
const BASE64 = /^[A-Za-z0-9+/_-]{16,}={0,2}\s*$/;

/**
 * Reads a body's JSON and takes it out of the envelopes of AWS: an SNS notification, an EventBridge event. What S3 itself
 * says, in either of its forms, is handed on as it is.
 */
export function openEnvelopes(body: string): OpenedEnvelope {
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
function openEnvelope(json: Record<string, unknown>): string | OpenedEnvelope {
  if (typeof json['TopicArn'] === 'string' || typeof json['SigningCertURL'] === 'string') {
    if (json['Type'] === 'Notification' && typeof json['Message'] === 'string') return json['Message'];
    return { reason: `an SNS envelope without a message (a subscription to be confirmed?)` };
  }
  if (json['Type'] === 'Notification' && typeof json['Message'] === 'string') return json['Message'];
  if (json['Service'] === 'Amazon S3' && json['Event'] === 's3:TestEvent') return { notice: 's3:TestEvent' };
  if (isEventBridgeEvent(json) && json['source'] !== 'aws.s3') return JSON.stringify(json['detail']);
  return { json };
}

/** Events of S3 by SQS or SNS: a list of records. */
export function isS3Notification({ Records: records }: Record<string, unknown>): boolean {
  return Array.isArray(records) && records.some((one) => isRecord(one) && one['eventSource'] === 'aws:s3');
}

/** An event of S3 by EventBridge. */
export function isS3EventBridgeEvent(json: Record<string, unknown>): boolean {
  return isEventBridgeEvent(json) && json['source'] === 'aws.s3';
}

function isEventBridgeEvent(json: Record<string, unknown>): boolean {
  return typeof json['detail-type'] === 'string' && isRecord(json['detail']);
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
