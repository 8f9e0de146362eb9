// A collection as a page's reader sees it: MongoDB's own pipeline, evaluated by mingo, over what an index would have found.
import { Aggregator, Query } from 'mingo';

const SUBJECTS = ['teacher_record.subjects', 'admin_record.subjects'];

/**
 * Keeps documents by the time of their one subject, as the multikey index of `ensureIndexes` does, and answers a page's aggregation:
 * the documents whose keys lie between the bounds of its first `$match` go through the whole pipeline, unchanged.
 *
 * @param entries `{timeMs, ofDate, document}`, ordered by time
 * @returns {{collection: any, counts: {queries: number, examined: number, ofDate: number}}} `counts.examined`: documents
 *   between the bounds; `counts.ofDate`: those of them with `ofDate`
 */
export function indexedCollection(entries) {
  const times = Float64Array.from(entries, ({ timeMs }) => timeMs);
  const counts = { queries: 0, examined: 0, ofDate: 0 };
  const aggregate = (pipeline) => ({
    async toArray() {
      const { fromMs, untilMs } = boundsOf(pipeline[0].$match);
      let range = entries.slice(firstAtOrAfter(times, fromMs), firstAtOrAfter(times, untilMs));
      if (pipeline[1].$limit === 1) {
        // The server stops at the first that fits.
        const query = new Query(pipeline[0].$match);
        const at = range.findIndex(({ document }) => query.test(document));
        if (at >= 0) range = range.slice(0, at + 1);
      }
      counts.queries++;
      counts.examined += range.length;
      counts.ofDate += range.filter(({ ofDate }) => ofDate).length;
      return new Aggregator(pipeline).run(range.map(({ document }) => document));
    },
  });
  return { collection: { collectionName: 'student_assessment_record', aggregate }, counts };
}

/** The bounds of time in a page's match: of one kind of record, or of both and then the same. */
function boundsOf(match) {
  const bounds = (match.$or ?? [match]).map(({ assessments: { $elemMatch: of } }) => {
    const { $gte, $lt } = of[SUBJECTS.find((path) => path in of) ?? ''].$elemMatch.subject_created_at;
    return { fromMs: $gte?.getTime() ?? -Infinity, untilMs: $lt?.getTime() ?? Infinity };
  });
  if (bounds.some(({ fromMs, untilMs }) => fromMs !== bounds[0].fromMs || untilMs !== bounds[0].untilMs)) {
    throw new Error('A page asks for other times of one kind of record than of the other.');
  }
  return bounds[0];
}

/** Position of the first time that is not before `timeMs`. */
function firstAtOrAfter(times, timeMs) {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
