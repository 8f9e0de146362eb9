const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;

/** Whether a text is the digits of a whole number of 64 bits, as {@link wholeNumber} writes them. */
export function isWholeNumber(text: string): boolean {
  return /^(0|-?[1-9]\d{0,18})$/.test(text) && inRange(BigInt(text)) !== undefined;
}

function inRange(value: bigint): bigint | undefined {
  return value >= LEAST && value <= GREATEST ? value : undefined;
}

/** The whole number of 64 bits that a value of any numeric BSON type is. */
export function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return inRange(value);
  if (typeof value === 'number') return Number.isInteger(value) ? inRange(BigInt(value)) : undefined;
  switch (bsonType(value)) {
    case 'Long':
      return BigInt(String(value));
    case 'Int32':
    case 'Double':
      return wholeNumber(Number(value));
    case 'Decimal128':
      return wholeDecimal(String(value));
    default:
      return undefined;
  }
}

/** A decimal of 64 bits has 19 digits; zeros behind the point and exponents are another way to write it. */
function wholeDecimal(text: string): bigint | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]\d+))?$/.exec(text) ?? [];
  const digits = whole + fraction;
  const scale = fraction.length - Number(exponent);
  if (sign === undefined) return undefined;
  if (/^0+$/.test(digits)) return 0n;
  if (scale < -19) return undefined;
  const kept =
    scale > 0
      ? digits.slice(0, Math.max(0, digits.length - scale))
      : digits.padEnd(digits.length - scale, '0');
  const cut = scale > 0 ? digits.slice(kept.length) : '';
  if (!/^0*$/.test(cut) || kept === '') return undefined;
  return inRange(BigInt(`${sign}${kept}`));
}

/** The name that the driver gives the classes of BSON types. */
export function bsonType(value: unknown): string | undefined {
  const type =
    typeof value === 'object' && value !== null ? (value as { _bsontype?: unknown })._bsontype : undefined;
  return typeof type === 'string' ? type : undefined;
}
