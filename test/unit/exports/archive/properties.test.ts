import fc from 'fast-check';
import { bytesAccess } from '../../../../src/pipelines/exports/archive/bytes-access.js';
import { escapeName } from '../../../../src/pipelines/exports/archive/escape-name.js';
import { nameFault } from '../../../../src/pipelines/exports/archive/entry-name.js';
import { inspectArchive } from '../../../../src/pipelines/exports/archive/inspect-archive.js';
import { buildZip, type ArchivePlan, type EntryPlan } from './build-zip.js';

const segment = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => nameFault(text) === undefined && !text.includes('/'));
const name = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .map((segments) => segments.join('/'))
  .filter((text) => nameFault(text) === undefined);

const entries: fc.Arbitrary<EntryPlan[]> = fc.uniqueArray(name, { maxLength: 12 }).chain((names) =>
  fc.tuple(
    ...names.map((each) =>
      fc.record(
        {
          name: fc.constant(each),
          content: fc.oneof(
            fc.string({ maxLength: 200 }),
            fc.nat(5_000).map((length) => 'x'.repeat(length)),
          ),
          method: fc.constantFrom(0, 8),
          descriptor: fc.constantFrom('signed', 'unsigned', 'signed64', 'unsigned64'),
          zip64: fc.constantFrom('sizes', 'all'),
          localZip64: fc.boolean(),
          gap: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
        },
        { requiredKeys: ['name', 'content'] },
      ),
    ),
  ),
);

const plan: fc.Arbitrary<ArchivePlan> = fc.record(
  {
    prefix: fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
    comment: fc.string({ unit: 'grapheme-ascii', maxLength: 80 }).map((text) => Buffer.from(text)),
    zip64End: fc.boolean(),
  },
  { requiredKeys: [] },
);

test('whatever form a writer chooses, its entries are read, each with its content', async () => {
  await fc.assert(
    fc.asyncProperty(entries, plan, async (planned, archive) => {
      const inspection = await inspectArchive(bytesAccess(buildZip(planned, archive)));
      expect(inspection.reason).toBeUndefined();
      expect(inspection.entries.map((entry) => [entry.name, entry.size, entry.refusal])).toEqual(
        planned.map((entry) => [entry.name, Buffer.byteLength(entry.content!), undefined]),
      );
    }),
  );
});

test('an archive with any one byte changed never ends in anything but an outcome', async () => {
  await fc.assert(
    fc.asyncProperty(
      entries,
      plan,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (planned, archive, at, by) => {
        const bytes = buildZip(planned, archive);
        bytes[at % bytes.length]! ^= by;
        const inspection = await inspectArchive(bytesAccess(bytes));
        expect(inspection.reason === undefined || inspection.entries.length === 0).toBe(true);
      },
    ),
  );
});

test('an archive cut anywhere is refused', async () => {
  await fc.assert(
    fc.asyncProperty(entries, plan, fc.nat(), async (planned, archive, at) => {
      const bytes = buildZip(planned, archive);
      const { reason } = await inspectArchive(bytesAccess(bytes.subarray(0, at % bytes.length)));
      expect(reason).toBeDefined();
    }),
  );
});

test('two names are never shown alike, and none with a control character', () => {
  const bytes = fc.uint8Array({ maxLength: 12 }).map((each) => Buffer.from(each));
  fc.assert(
    fc.property(bytes, bytes, (one, other) => {
      expect(escapeName(one) === escapeName(other)).toBe(one.equals(other));
      expect(escapeName(one)).not.toMatch(/\p{Cc}/u);
    }),
  );
});
