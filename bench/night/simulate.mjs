// A discrete simulation of a run, second by second: arrivals, batches on tasks, Spot interruptions, autoscaling.

/** Small, seeded, good enough for interruptions (Marsaglia's xorshift). */
function generator(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** @typedef {{readyAt: number, goesAt?: number, lanes: {messages: number, left: number}[]}} Task what runs, or starts */

/** A task that is told to go has two minutes to finish what it holds. */
const NOTICE_SECONDS = 120;
/** Target tracking looks each minute, and takes a while to believe that less is needed. */
const SCALING = { everySeconds: 60, quietSecondsBeforeScalingIn: 900 };

/**
 * @param planned as `planCapacity` takes it
 * @param measured as there
 * @param scaling `{min, max, backlogPerTask}` of the service
 * @param arrivals share of all rows in the source after so many seconds, from 0 to 1
 * @returns `{finishSeconds, taskHours, interruptions, redelivered, peakTasks, samples}`; `finishSeconds` is undefined when
 *   the run was not done after four windows
 */
export function simulateRun({ planned, measured, scaling, arrivals, seed }) {
  const random = generator(seed);
  const coreSeconds =
    (measured.audioMsPerSecond * planned.secondsPerClip + measured.workerMsPerRecording) /
    1_000 /
    planned.coreSpeed;
  const rate = (planned.vcpusPerTask * measured.busyShareOfCores) / coreSeconds;
  const interruptionPerSecond = planned.interruptionsPerTaskHour / 3_600;

  /** @type {Task[]} */
  let tasks = Array.from({ length: scaling.min }, () => ({ readyAt: planned.startupSeconds, lanes: [] }));
  let wanted = scaling.min;
  let quietSince = 0;
  let found = 0;
  let visible = 0;
  let done = 0;
  const returning = [];
  const totals = { taskSeconds: 0, interruptions: 0, redelivered: 0, peakTasks: 0 };
  const samples = [];
  let now = 0;
  for (; done < planned.records && now < 4 * planned.windowSeconds; now++) {
    const inSource = Math.floor(planned.records * Math.min(1, arrivals(now)));
    const sent = Math.min(measured.discoveryRowsPerSecond, inSource - found);
    found += sent;
    visible += sent;
    while (returning.length > 0 && returning[0].at <= now) visible += returning.shift().messages;

    if (now % SCALING.everySeconds === 0) {
      const backlog = visible + tasks.reduce((sum, task) => sum + held(task), 0);
      const target = Math.min(
        scaling.max,
        Math.max(scaling.min, Math.ceil(backlog / scaling.backlogPerTask)),
      );
      if (target >= wanted) {
        quietSince = now;
        wanted = target;
      } else if (now - quietSince >= SCALING.quietSecondsBeforeScalingIn) wanted = target;
      for (let missing = wanted - staying(tasks).length; missing > 0; missing--) {
        tasks.push({ readyAt: now + planned.startupSeconds, lanes: [] });
      }
      for (const task of staying(tasks).slice(wanted)) task.goesAt = now + NOTICE_SECONDS;
      samples.push({ now, visible, tasks: tasks.length, done });
    }

    for (const task of tasks) {
      if (task.goesAt === undefined && task.readyAt <= now && random() < interruptionPerSecond) {
        task.goesAt = now + NOTICE_SECONDS;
        totals.interruptions++;
      }
      if (task.readyAt > now) continue;
      // A task that goes finishes what it holds and takes nothing new.
      while (task.goesAt === undefined && task.lanes.length < planned.lanesPerTask && visible > 0) {
        const messages = Math.min(planned.batchSize, visible);
        visible -= messages;
        task.lanes.push({ messages, left: messages });
      }
      const each = rate / Math.max(1, task.lanes.length);
      for (const lane of task.lanes) lane.left -= each;
      for (const lane of task.lanes) if (lane.left <= 0) done += lane.messages;
      task.lanes = task.lanes.filter(({ left }) => left > 0);
      if (task.goesAt !== undefined && task.goesAt <= now && task.lanes.length > 0) {
        // Given back at once, in whole: what a batch has not acknowledged is done again.
        const messages = held(task);
        totals.redelivered += messages;
        returning.push({ at: now + 1, messages });
        task.lanes = [];
      }
    }
    tasks = tasks.filter(({ goesAt, lanes }) => goesAt === undefined || (goesAt > now && lanes.length > 0));
    totals.taskSeconds += tasks.length;
    totals.peakTasks = Math.max(totals.peakTasks, tasks.length);
  }
  samples.push({ now, visible, tasks: tasks.length, done });
  return {
    finishSeconds: done >= planned.records ? now : undefined,
    taskHours: totals.taskSeconds / 3_600,
    interruptions: totals.interruptions,
    redelivered: totals.redelivered,
    peakTasks: totals.peakTasks,
    samples,
  };
}

const held = ({ lanes }) => lanes.reduce((sum, { messages }) => sum + messages, 0);
const staying = (tasks) => tasks.filter(({ goesAt }) => goesAt === undefined);
