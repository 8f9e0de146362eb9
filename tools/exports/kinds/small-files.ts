import { entry, file, type SeededFile } from '../seeded-job.js';

const KB = 1024;

/** An archive of a few reports. @param bytes of each */
export const reports = (id: string, entries = 4, bytes = 40 * KB): SeededFile =>
  file(
    id,
    Array.from({ length: entries }, (_, index) => entry(`${id}/report ${index}.txt`, bytes)),
  );

/** Archives of one entry each. */
export const singles = (count: number, bytes: number): SeededFile[] =>
  Array.from({ length: count }, (_, index) => file(`f${index}`, [entry(`f${index}/data.txt`, bytes)]));
