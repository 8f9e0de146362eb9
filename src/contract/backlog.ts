/** The three approximate counts of a queue; a queue is empty when all are zero, twice in a row. */
export interface QueueDepth {
  visible: number;
  in_flight: number;
  delayed: number;
}

/** What waits in a queue, and who is there to work on it. */
export interface Backlog extends QueueDepth {
  /** Live worker processes, under the name that runs and dashboards have known them by from the start. */
  inference_workers: number;
  /** Batches that these processes take at once, all together; absent where one of them does not say. */
  places?: number;
}

/** How many batches each live worker process takes at once; undefined of one that does not say, as older builds. */
export type Places = readonly (number | undefined)[];
