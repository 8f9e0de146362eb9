import type { Payload } from '@temporalio/common';
import { z } from 'zod';
import { InvalidInput } from '../../platform/errors.js';

const base64 = z.base64();

/** Temporal's remote codec protocol: payloads as protobuf's JSON has them, bytes in base64. Unknown fields are dropped. */
const body = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), base64).optional(), data: base64.nullish() })),
});

export type WirePayload = z.infer<typeof body>['payloads'][number];

/** @throws InvalidInput that says where the body is wrong, without quoting it: it may be a child's data */
export function readPayloads(json: unknown): Payload[] {
  const parsed = body.safeParse(json);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new InvalidInput(
      `The body is no {"payloads": [...]} with bytes in base64${where && ` (at ${where})`}.`,
    );
  }
  return parsed.data.payloads.map(({ metadata = {}, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, bytes(value)])),
    data: bytes(data ?? ''),
  }));
}

/** The opposite of {@link readPayloads}. */
export function writePayloads(payloads: readonly Payload[]): { payloads: WirePayload[] } {
  return {
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
      ),
      data: Buffer.from(data ?? []).toString('base64'),
    })),
  };
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64');
