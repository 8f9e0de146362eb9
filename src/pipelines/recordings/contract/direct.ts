/**
 * Recordings that stand in no source, only in a message: their `source_collection` begins with this. A worker scores
 * them without asking a source whether their row still stands, and keeps them apart from the source's own results.
 */
const DIRECT = 'direct:';

/** Under which name recordings without a row are queued beside those of a source. */
export function directCollection(sourceCollection: string): string {
  return `${DIRECT}${sourceCollection}`;
}

export function isDirect({ source_collection: collection }: { source_collection: string }): boolean {
  return collection.startsWith(DIRECT);
}
