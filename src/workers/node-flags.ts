/**
 * Node's flags of a worker process. V8 sizes a heap by the machine: on one with much memory it first collects at hundreds of
 * megabytes, of which 60 are in use. Each of a worker's two heaps (its own, and that of the thread that runs workflows) is
 * collected from 96 MB on, and ends the process beyond 512 MB, eight times what a run needs. The room above what is in use is for
 * what downloads bring through: at 64 MB the whole heap was collected every 15 recordings. It is collected on its own thread,
 * since every core already has a clip to work on. New objects have their whole room from the start (V8 takes it away from a heap that it finds
 * quiet, and collects twice as often), and quiet heaps are not collected to be made smaller: the thread that runs workflows is quiet
 * between any two batches. Audio is decoded in processes of their own, which take none of these.
 */
export const WORKER_NODE_FLAGS: readonly string[] = [
  '--max-old-space-size=512',
  '--initial-old-space-size=96',
  '--min-semi-space-size=8',
  '--max-semi-space-size=8',
  '--single-threaded-gc',
  '--no-memory-reducer',
];
