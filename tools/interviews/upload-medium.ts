import { open, readFile, stat } from 'node:fs/promises';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { InterviewsEndpoints } from '../stack/interviews.js';
import type { Content } from './seeded-interview.js';

const MB = 1024 * 1024;
/** From here on in parts, as browsers and phones send what is large; the size of the AWS CLI's. */
const PART_BYTES = 8 * MB;

export interface StoreClients {
  s3: S3Client;
  sqs: SQSClient;
}

export interface UploadedObject {
  key: string;
  size: number;
  /** As S3 gives it. */
  etag: string;
}

/** Puts an object into the bucket. */
export async function uploadMedium(
  { s3 }: Pick<StoreClients, 's3'>,
  bucket: string,
  key: string,
  content: Content,
): Promise<UploadedObject> {
  const target = { Bucket: bucket, Key: key };
  const size = 'file' in content ? (await stat(content.file)).size : content.bytes.length;
  if ('file' in content && size > PART_BYTES) {
    return { key, size, etag: await uploadInParts(s3, target, content.file, size) };
  }
  const body = 'file' in content ? await readFile(content.file) : content.bytes;
  const { ETag: etag = '' } = await s3.send(new PutObjectCommand({ ...target, Body: body }));
  return { key, size, etag };
}

async function uploadInParts(
  s3: S3Client,
  target: { Bucket: string; Key: string },
  file: string,
  size: number,
): Promise<string> {
  const { UploadId: uploadId = '' } = await s3.send(new CreateMultipartUploadCommand(target));
  const parts: { PartNumber: number; ETag: string }[] = [];
  const handle = await open(file);
  try {
    for (let at = 0; at < size; at += PART_BYTES) {
      const part = Buffer.alloc(Math.min(PART_BYTES, size - at));
      await handle.read(part, 0, part.length, at);
      const number = parts.length + 1;
      const command = new UploadPartCommand({
        ...target,
        UploadId: uploadId,
        PartNumber: number,
        Body: part,
      });
      const { ETag: etag = '' } = await s3.send(command);
      parts.push({ PartNumber: number, ETag: etag });
    }
  } finally {
    await handle.close();
  }
  const { ETag: etag = '' } = await s3.send(
    new CompleteMultipartUploadCommand({ ...target, UploadId: uploadId, MultipartUpload: { Parts: parts } }),
  );
  return etag;
}

/** Tells of an object as S3 does, where a bucket's notifications lead to a queue. */
export async function notifyOfObject(
  { sqs }: Pick<StoreClients, 'sqs'>,
  endpoints: InterviewsEndpoints,
  { key, size, etag }: UploadedObject,
): Promise<void> {
  const { bucket, jobs, aws } = endpoints;
  // S3 sends keys as a form does: a space is a plus.
  const encoded = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
  const record = {
    ...{ eventVersion: '2.1', eventSource: 'aws:s3', awsRegion: aws.region },
    ...{ eventTime: new Date().toISOString(), eventName: 'ObjectCreated:Put' },
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: { key: encoded, size, eTag: etag.replaceAll('"', '') },
    },
  };
  const body = JSON.stringify({ Records: [record] });
  await sqs.send(new SendMessageCommand({ QueueUrl: jobs.queueUrl, MessageBody: body }));
}
