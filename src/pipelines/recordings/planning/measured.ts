/** What one recording, row and batch cost, measured; docs/performance.md has the runs. */
export interface MeasuredCosts {
  /** Processor time of decoding, features and scoring, for each second of audio, in ms of one core. */
  audioMsPerSecond: number;
  /** Processor time of a worker beyond that, for each recording: download, queue, results. */
  workerMsPerRecording: number;
  /** Of the cores' time, how much goes into these two; the rest is waiting, and others' work on the same cores. */
  busyShareOfCores: number;
  /** Rows a second that one discovery finds and queues. */
  discoveryRowsPerSecond: number;
  /** Resident memory of a worker, and of each of its pool's processes, in MB. */
  workerMb: number;
  poolMemberMb: number;
}

/**
 * Mixed wav, mp3, m4a and opus clips of 30 s, `npm run bench -- audio`, `-- pipeline` and `-- discovery`, on cores of an
 * Intel Xeon server; another processor is another figure, so a plan takes its speed against this one.
 */
export const MEASURED: MeasuredCosts = {
  audioMsPerSecond: 1.4,
  workerMsPerRecording: 5.5,
  busyShareOfCores: 0.85,
  discoveryRowsPerSecond: 850,
  workerMb: 400,
  poolMemberMb: 200,
};
