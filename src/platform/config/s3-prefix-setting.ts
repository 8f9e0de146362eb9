import { z } from 'zod';
import { optionalUnless, type Described, type Setting, type ValueOf } from './setting.js';

/** A folder of a bucket. */
export interface S3Prefix {
  bucket: string;
  /** Without slashes around it; empty is the whole bucket. */
  prefix: string;
}

const ADDRESS = /^s3:\/\/([a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9])(?:\/([^\p{Cc}\p{Cs}]*))?$/u;
/** Keys below it have at most 1,024 bytes in all. */
const MAX_PREFIX_BYTES = 256;

/** `s3://bucket/prefix`; a slash at its end is dropped. */
export function s3Prefix<const D extends Described>(described: D): Setting<ValueOf<S3Prefix, D>> {
  const schema = z.string().transform((value, context) => {
    const [, bucket, path = ''] = ADDRESS.exec(value) ?? [];
    const prefix = path.replace(/\/$/, '');
    const isClean = prefix === '' || prefix.split('/').every((segment) => !['', '.', '..'].includes(segment));
    if (bucket !== undefined && isClean && Buffer.byteLength(prefix) <= MAX_PREFIX_BYTES)
      return { bucket, prefix };
    context.addIssue({ code: 'custom', message: 'no prefix' });
    return z.NEVER;
  });
  return optionalUnless(
    schema,
    `s3://bucket/prefix, the prefix of at most ${MAX_PREFIX_BYTES} bytes`,
    described,
  );
}

/** True when one of the folders lies in the other, or is the other. */
export function overlap(one: S3Prefix, other: S3Prefix): boolean {
  const [outer, inner] = [one, other].map(({ prefix }) => (prefix === '' ? '' : `${prefix}/`)) as [
    string,
    string,
  ];
  return one.bucket === other.bucket && (inner.startsWith(outer) || outer.startsWith(inner));
}

export function describeS3Prefix({ bucket, prefix }: S3Prefix): string {
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}
