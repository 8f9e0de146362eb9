import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** An object that is written line by line. */
export interface LineUpload {
  /** @param line without its end */
  add(line: string): Promise<void>;
  /** The object is there, whole, in place of any that has its key. */
  finish(): Promise<void>;
  /** Nothing of it stays. Never throws: a lifecycle rule is the last net. */
  abandon(): Promise<void>;
}

interface LineUploadOptions {
  client: S3Client;
  bucket: string;
  key: string;
  contentType: string;
  signal: AbortSignal | undefined;
  /** Maps the vendor's errors. */
  call: <T>(run: () => Promise<T>) => Promise<T>;
}

/** S3 takes parts of 5 MiB at least, and 10,000 of them: 80 GiB of lines. */
const PART_BYTES = 8 * 1024 * 1024;

/** Holds at most a part in memory, and what is shorter than one is written by a single call. */
export function createLineUpload({
  client,
  bucket,
  key,
  contentType,
  signal,
  call,
}: LineUploadOptions): LineUpload {
  const options = signal === undefined ? {} : { abortSignal: signal };
  const target = { Bucket: bucket, Key: key };
  let pending: string[] = [];
  let pendingBytes = 0;
  let uploadId: string | undefined;
  const parts: { ETag: string | undefined; PartNumber: number }[] = [];

  const take = (): Buffer => {
    const body = Buffer.from(pending.join(''));
    [pending, pendingBytes] = [[], 0];
    return body;
  };
  const sendPart = async (): Promise<void> => {
    uploadId ??= (
      await call(() =>
        client.send(new CreateMultipartUploadCommand({ ...target, ContentType: contentType }), options),
      )
    ).UploadId!;
    const number = parts.length + 1;
    const part = { ...target, UploadId: uploadId, PartNumber: number, Body: take() };
    const { ETag } = await call(() => client.send(new UploadPartCommand(part), options));
    parts.push({ ETag, PartNumber: number });
  };

  return {
    add: async (line) => {
      pending.push(line, '\n');
      pendingBytes += Buffer.byteLength(line) + 1;
      if (pendingBytes >= PART_BYTES) await sendPart();
    },
    finish: async () => {
      if (uploadId === undefined) {
        const object = { ...target, Body: take(), ContentType: contentType };
        await call(() => client.send(new PutObjectCommand(object), options));
        return;
      }
      if (pendingBytes > 0) await sendPart();
      const whole = { ...target, UploadId: uploadId, MultipartUpload: { Parts: parts } };
      await call(() => client.send(new CompleteMultipartUploadCommand(whole), options));
      uploadId = undefined;
    },
    abandon: async () => {
      pending = [];
      if (uploadId === undefined) return;
      const upload = { ...target, UploadId: uploadId };
      await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    },
  };
}
