import {
  Binary,
  BSON,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb';
import fc from 'fast-check';
import { idText, idTypeName, idValues } from '../../../../src/pipelines/recordings/sources/mongo-ids.js';

const { EJSON, deserialize, serialize } = BSON;

/** As the driver hands an id over that the database holds. */
const stored = (id: unknown): unknown => (deserialize(serialize({ id })) as { id: unknown }).id;

/** Whether the database finds an id by a value: numbers by what they are worth, all else by type and content. */
function finds(value: unknown, id: unknown): boolean {
  const worth = (of: unknown): string | undefined => {
    // Beyond 2^53 JavaScript writes a double with zeros where its own digits are others.
    if (Number.isInteger(Number(of)) && (typeof of === 'number' || of instanceof Double)) {
      return plainDecimal(BigInt(Number(of)).toString());
    }
    return typeof of === 'number' || of instanceof Long || of instanceof Double || of instanceof Decimal128
      ? plainDecimal(String(of))
      : undefined;
  };
  const [a, b] = [worth(stored(value)), worth(id)];
  if (a !== undefined || b !== undefined) return a === b;
  return EJSON.stringify({ id: value }, { relaxed: true }) === EJSON.stringify({ id }, { relaxed: true });
}

/** A number's text without an exponent, and without zeros that say nothing. */
function plainDecimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole === '') return text;
  const digits = BigInt(whole + fraction).toString();
  if (digits === '0') return '0';
  const significant = digits.replace(/0+$/, '');
  return `${sign}${significant}E${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const double = fc.oneof(
  fc.double(),
  fc.constantFrom(2 ** 53, 2 ** 53 + 2, 2 ** 63, -(2 ** 63), -(2 ** 63) - 2048, 1e21, 1.7976931348623157e308),
);
const plainText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '123',
    'true',
    '-0',
    '0123',
    'a'.repeat(24),
    '{"$gt":""}',
    '{"$uuid":"x"}',
    '{"$value":1}',
    '{"$value":{"$numberInt":"1"}}',
  ),
);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const IDS: Record<string, fc.Arbitrary<unknown>> = {
  string: plainText,
  ObjectId: bytes(12).map((value) => new ObjectId(value)),
  int: fc.integer(),
  Long: int64.map((value) => Long.fromBigInt(value)),
  double: double.map((value) => new Double(value)),
  Decimal128: fc
    .oneof(
      fc.tuple(int64, fc.integer({ min: -6, max: 6 })).map(([whole, power]) => `${whole}E${power}`),
      fc.constantFrom('NaN', 'Infinity', '1.50', '9E+2', '1E+6000', '0E-10', '-0', '9223372036854775808'),
    )
    .map((text) => Decimal128.fromString(text)),
  UUID: bytes(16).map((value) => new UUID(value)),
  Binary: fc
    .tuple(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(0, 3, 5, 128))
    .map(([value, type]) => new Binary(value, type)),
  Date: fc.date({ noInvalidDate: true }),
  Timestamp: fc.tuple(fc.nat(), fc.nat()).map(([t, i]) => new Timestamp({ t, i })),
  boolean: fc.boolean(),
  document: fc.record({
    school: fc.oneof(plainText, fc.integer(), double),
    roll: fc.record({
      n: int64.map((value) => Long.fromBigInt(value)),
      on: fc.date({ noInvalidDate: true }),
      of: fc.array(fc.boolean()),
    }),
  }),
};

describe('the text of an id', () => {
  test.each(Object.keys(IDS))('of the type %s leads back to its document', (type) => {
    fc.assert(
      fc.property(IDS[type]!, (id) => {
        const held = stored(id);
        const text = idText(held);
        expect(typeof text).toBe('string');
        const found = idValues(text!);
        expect(found.some((value) => finds(value, held))).toBe(true);
      }),
    );
  });

  test('is as it always was where there was one', () => {
    expect(idText('S-17')).toBe('S-17');
    expect(idText(17)).toBe('17');
    expect(idText(new ObjectId('6582f0a0c0ffee0123456789'))).toBe('6582f0a0c0ffee0123456789');
  });

  test('is the digits of a whole number, whatever numeric type holds it', () => {
    const nine = [
      9,
      new Double(9),
      Long.fromNumber(9),
      Decimal128.fromString('9'),
      Decimal128.fromString('0.9E+1'),
      Decimal128.fromString('9.00'),
    ];
    expect(nine.map((value) => idText(value))).toEqual(nine.map(() => '9'));
    expect(idText(Long.fromString('9007199254740995'))).toBe('9007199254740995');
  });

  test('tells types apart that are no numbers', () => {
    expect(idText(new UUID('c8edabc3-f738-4ca3-b68d-ab92a91478a3'))).toBe(
      '{"$uuid":"c8edabc3-f738-4ca3-b68d-ab92a91478a3"}',
    );
    expect(idText(1.5)).toBe('{"$value":{"$numberDouble":"1.5"}}');
    expect(idText(Decimal128.fromString('1.5'))).toBe('{"$value":{"$numberDecimal":"1.5"}}');
    expect(idText('{"$value":{"$numberDouble":"1.5"}}')).not.toBe(idText(1.5));
  });

  test.each([
    ['null', null],
    ['undefined', undefined],
    ['array', [1]],
    ['bsonregexp', new BSONRegExp('a')],
    ['regexp', /a/],
    ['code', new Code('x')],
    ['maxkey', new MaxKey()],
    ['object', { $gt: '' }],
    ['object', { a: { b: /x/ } }],
    ['object', { 2: 'a', 1: 'b' }],
  ])('is none of the type %s', (type, id) => {
    expect(idText(id)).toBeUndefined();
    if (id !== null && id !== undefined) expect(idTypeName(id)).toBe(type);
  });
});

describe('the values of a text', () => {
  test('hold no operator, whatever the text is', () => {
    for (const text of [
      '{"$value":{"$regularExpression":{"pattern":".*","options":""}}}',
      '{"$value":{"$gt":""}}',
      '{"$value":{"a":{"$regularExpression":{"pattern":".*","options":""}}}}',
      '{"$value": {"$numberDouble":"1.5"}}',
      '{"$value":',
      `{"$value":${'['.repeat(10_000)}`,
      '{"$gt":""}',
    ]) {
      expect(idValues(text)).toEqual([text]);
    }
  });

  test('are all that it may stand for', () => {
    expect(idValues('17')).toEqual(['17', Long.fromNumber(17)]);
    expect(idValues('true')).toEqual(['true', true]);
    expect(idValues('9223372036854775808')).toEqual(['9223372036854775808']);
    expect(idValues('6582f0a0c0ffee0123456789')).toEqual([
      '6582f0a0c0ffee0123456789',
      new ObjectId('6582f0a0c0ffee0123456789'),
    ]);
  });
});
