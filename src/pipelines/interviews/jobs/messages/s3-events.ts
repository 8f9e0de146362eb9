import { z } from 'zod';
import { isS3EventBridgeEvent, isS3Notification } from '../../../../queue/envelopes.js';

/** An object that has been written, as S3 tells it. */
export interface WrittenObject {
  bucket: string;
  /** Literal. */
  key: string;
  /** Without quotes; undefined where the event does not say. */
  etag: string | undefined;
}

/** Written in any way, or brought back from an archive tier. */
const WRITTEN = /^(s3:)?(ObjectCreated:|ObjectRestore:Completed$)/;
const WRITTEN_BY_EVENTBRIDGE: readonly string[] = ['Object Created', 'Object Restore Completed'];

const recordSchema = z.object({
  eventName: z.string(),
  s3: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string(), eTag: z.string().optional() }),
  }),
});

const detailSchema = z.object({
  bucket: z.object({ name: z.string() }),
  object: z.object({ key: z.string(), etag: z.string().optional() }),
});

/**
 * Reads what S3 says, to SQS or SNS, or by EventBridge. Other events than that an object has been written are left out.
 *
 * @returns undefined for what S3 does not say
 * @throws Error of zod's or of the key's encoding for an event of another form
 */
export function readS3Events(json: Record<string, unknown>): WrittenObject[] | undefined {
  if (isS3EventBridgeEvent(json)) {
    if (!WRITTEN_BY_EVENTBRIDGE.includes(String(json['detail-type']))) return [];
    const { bucket, object } = detailSchema.parse(json['detail']);
    // EventBridge has the key as it is.
    return [{ bucket: bucket.name, key: object.key, etag: object.etag }];
  }
  if (!isS3Notification(json)) return undefined;
  return z
    .array(recordSchema)
    .parse(json['Records'])
    .filter(({ eventName }) => WRITTEN.test(eventName))
    .map(({ s3: { bucket, object } }) => ({
      bucket: bucket.name,
      key: formDecoded(object.key),
      etag: object.eTag,
    }));
}

/** S3 encodes keys in its notifications as forms do: a blank comes as `+`. */
function formDecoded(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}
