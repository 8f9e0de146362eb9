import { UUID } from 'mongodb';
import { idText, idValues, UUID_KEY, UUID_PREFIX, VALUE_KEY, VALUE_PREFIX } from './mongo-ids.js';

/*
 * Documents of one time are read in the order of their ids' texts, and the server makes the order. Of UUIDs and other
 * types no version of it can make the text, so it sorts them by what their texts begin with. UUIDs are then in the order of
 * their values, which is that of their texts; others of one time have no order and are read all together.
 */

/** The key by which {@link serverOrderKey} sorts a document of this id. */
export function orderKeyOf(text: string): string {
  if (text.startsWith(UUID_PREFIX)) return UUID_KEY;
  return text.startsWith(VALUE_PREFIX) ? VALUE_KEY : text;
}

/** Of ids with this order key the server knows no order that is also their texts'. */
export function isUnordered(orderKey: string): boolean {
  return orderKey === VALUE_KEY;
}

/** Behind the text of every unordered id, and before any other that is behind them. */
const END_OF_UNORDERED = `${VALUE_KEY}#`;

/** Up to where reading has come with a document: ids that are unordered, or read the same, have one place together. */
export function placeInOrder(id: unknown, orderKey: string): string {
  if (isUnordered(orderKey)) return END_OF_UNORDERED;
  const text = orderKey === UUID_KEY ? idText(id) : undefined;
  return text !== undefined && orderKeyOf(text) === orderKey ? text : orderKey;
}

/** The id to compare with, where the server orders ids of one order key by their values. */
export function orderedValue(text: string): unknown {
  return orderKeyOf(text) === UUID_KEY ? idValues(text)[1] : undefined;
}

/**
 * An aggregation expression for the text of `$_id`, as far as every server can make it; of other ids, what their texts
 * begin with. UUIDs of one key have the order of their values; all others of one key have none.
 */
export function serverOrderKey(): object {
  const type = { $type: '$_id' };
  const asLong = { $convert: { input: '$_id', to: 'long', onError: null, onNull: null } };
  const between = (from: unknown, until: unknown, last: '$lt' | '$lte'): object => ({
    $and: [{ $gte: ['$_id', from] }, { [last]: ['$_id', until] }],
  });
  const branches = [
    {
      case: { $eq: [type, 'string'] },
      then: { $cond: [{ $or: RESERVED.map(([from, to]) => between(from, to, '$lt')) }, VALUE_KEY, '$_id'] },
    },
    { case: { $in: [type, ['objectId', 'int', 'long']] }, then: { $toString: '$_id' } },
    {
      case: { $and: [{ $in: [type, ['double', 'decimal']] }, { $eq: ['$_id', asLong] }] },
      then: { $toString: asLong },
    },
    { case: { $eq: [type, 'bool'] }, then: { $cond: ['$_id', 'true', 'false'] } },
    {
      case: { $and: [{ $eq: [type, 'binData'] }, between(LEAST_UUID, GREATEST_UUID, '$lte')] },
      then: UUID_KEY,
    },
  ];
  return { $switch: { branches, default: VALUE_KEY } };
}

/** Strings that would read as the text of another id, from and up to: they are wrapped as other types are. */
const RESERVED = [
  [UUID_KEY, '{"$uuie'],
  [VALUE_KEY, '{"$valuf'],
] as const;
const LEAST_UUID = new UUID('00000000-0000-0000-0000-000000000000');
const GREATEST_UUID = new UUID('ffffffff-ffff-ffff-ffff-ffffffffffff');
