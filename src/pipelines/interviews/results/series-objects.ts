import type { ObjectFolder } from '../../../objects/object-folder.js';
import type { InterviewResult, ResultSeries, SeriesColumns } from '../contract/result.js';

/** Of JSON, in a document: four hours of seconds are 1 MB. */
const MOST_IN_DOCUMENT = 4 * 1024 * 1024;

type InS3 = Extract<ResultSeries, { stored: 's3' }>;

/** Series that are too large for their documents, under `INTERVIEW_SERIES_PREFIX`. @throws DependencyUnavailable */
export interface SeriesObjects {
  put: (result: Pick<InterviewResult, '_id' | 'interview_digest'>, columns: string) => Promise<InS3>;
  read: (series: InS3) => Promise<SeriesColumns | undefined>;
  remove: (series: InS3) => Promise<void>;
  /** All of an interview, also those whose document was never written. @returns how many there were */
  removeErased: (interviewDigest: string) => Promise<number>;
}

/** @param prefix without a slash at its end; empty is the whole bucket */
export function createSeriesObjects(folder: ObjectFolder, prefix: string): SeriesObjects {
  const start = prefix === '' ? '' : `${prefix}/`;
  return {
    async put({ _id, interview_digest }, columns) {
      const key = `${start}${interview_digest}/${_id}.json`;
      await folder.write(key, columns);
      return { stored: 's3', bucket: folder.bucket, key, bytes: Buffer.byteLength(columns) };
    },
    async read({ key }) {
      const text = await folder.read(key);
      return text === undefined ? undefined : (JSON.parse(text) as SeriesColumns);
    },
    remove: ({ key }) => folder.delete(key),
    async removeErased(digest) {
      let removed = 0;
      for await (const key of folder.keys(`${start}${digest}/`)) {
        await folder.delete(key);
        removed += 1;
      }
      return removed;
    },
  };
}

/** Puts a result's series where there is room for it. */
export async function withPlacedSeries(
  result: InterviewResult,
  objects: SeriesObjects | undefined,
  mostInDocument = MOST_IN_DOCUMENT,
): Promise<InterviewResult> {
  if (result.series.stored !== 'document') return result;
  const text = JSON.stringify(result.series.columns);
  const bytes = Buffer.byteLength(text);
  if (bytes <= mostInDocument) return result;
  const series =
    objects === undefined ? ({ stored: 'nowhere', bytes } as const) : await objects.put(result, text);
  return { ...result, series };
}
