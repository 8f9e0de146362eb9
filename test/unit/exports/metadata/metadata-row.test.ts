import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { readRow } from '../../../../src/pipelines/exports/metadata/metadata-row.js';
import { tableShape } from '../../../../src/pipelines/exports/metadata/table-shape.js';

const settings = {
  EXPORT_METADATA_TABLE: 't',
  EXPORT_METADATA_KEY: 'EXPORT#<source>#<export_id>',
  EXPORT_METADATA_ATTRIBUTES: {},
};
const shape = tableShape(settings);
const read = (row: Record<string, AttributeValue>) => readRow({ size: { N: '5' }, ...row }, shape);

describe('a row of the metadata table', () => {
  it('takes a checksum in each of its forms for the same', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 20 }),
        fc.integer({ min: 0, max: 0xffffffff }),
        (bytes, crc32) => {
          const md5 = createHash('md5').update(bytes).digest();
          for (const form of [
            { S: md5.toString('hex') },
            { S: md5.toString('hex').toUpperCase() },
            { S: md5.toString('base64') },
            { B: md5 },
          ]) {
            expect(read({ md5: form }).md5).toBe(md5.toString('hex'));
          }
          const hex = crc32.toString(16).padStart(8, '0');
          for (const form of [
            { N: String(crc32) },
            { S: hex },
            { S: hex.toUpperCase() },
            { S: `0x${hex}` },
          ]) {
            expect(read({ crc32: form }).crc32).toBe(crc32);
          }
        },
      ),
    );
  });

  it.each<[string, Record<string, AttributeValue>, string]>([
    ['no size', { size: { NULL: true } }, 'size of its metadata is absent'],
    ['a negative size', { size: { N: '-1' } }, 'size of its metadata is the number -1'],
    ['a broken size', { size: { N: '1.5' } }, 'the number 1.5, expected a whole number of bytes'],
    ['a size in words', { size: { S: 'secret' } }, 'a text of 6 characters'],
    ['a size of another type', { size: { L: [] } }, 'of type L'],
    [
      'a short md5',
      { md5: { S: 'abc' } },
      'md5 of its metadata is a text of 3 characters, expected 16 bytes',
    ],
    ['a crc32 that is too large', { crc32: { N: '4294967296' } }, 'expected a CRC-32'],
    ['a sha256 of another type', { sha256: { BOOL: true } }, 'of type BOOL'],
    ['a size in a set', { size: { NS: ['5'] } }, 'of type NS'],
    ['a size beyond 2^53', { size: { N: '9007199254740993' } }, 'expected a whole number of bytes'],
    [
      'a target key that is a number',
      { target_key: { N: '7' } },
      'target_key of its metadata is the number 7',
    ],
    ['target keys in a set', { target_key: { SS: ['secret'] } }, 'of type SS, expected a text'],
  ])('is invalid with %s, and says so without its contents', (_, row, message) => {
    const { size, invalid } = read(row);
    expect(size).toBeNaN();
    expect(invalid?.detail).toContain(message);
    expect(invalid?.detail).not.toContain('secret');
  });
});

it.each<[string, AttributeValue, string | undefined]>([
  ['a type with parameters', { S: ' text/csv; charset="utf-8" ' }, 'text/csv; charset="utf-8"'],
  ['a line break, which would begin a header', { S: 'text/csv\r\nx-amz-acl: public-read' }, undefined],
  ['letters that no header holds', { S: 'text/ü' }, undefined],
  ['more than S3 takes', { S: 'a'.repeat(256) }, undefined],
  ['blanks', { S: '  ' }, undefined],
  ['another type', { N: '5' }, undefined],
])('a content type of %s is taken for what a header can hold of it', (_, content_type, expected) => {
  expect(read({ content_type }).contentType).toBe(expected);
});

describe("the table's layout", () => {
  it('fills in the key once, whatever an id looks like', () => {
    expect(shape.partitionKey({ source: 'a', export_id: '<source>$&' })).toBe('EXPORT#a#<source>$&');
  });

  it.each([
    [{ EXPORT_METADATA_KEY: 'EXPORT#<source>' }, 'EXPORT_METADATA_KEY is "EXPORT#<source>"'],
    [{ EXPORT_METADATA_KEY: '<export_id><x>' }, 'EXPORT_METADATA_KEY is'],
    [
      { EXPORT_METADATA_ATTRIBUTES: { length: 'l' } },
      'EXPORT_METADATA_ATTRIBUTES has "length", expected one of pk',
    ],
    [{ EXPORT_METADATA_ATTRIBUTES: { size: 'sk' } }, 'gives two fields one attribute'],
  ])('is refused where settings make no sense: %j', (change, message) => {
    expect(() => tableShape({ ...settings, ...(change as Partial<typeof settings>) })).toThrow(message);
  });
});
