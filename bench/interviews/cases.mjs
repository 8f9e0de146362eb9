// What is raced, and the figures to reach.
/** Seconds between samples, as interviews are analysed by default. */
export const EVERY = 1;

/**
 * A case: the recording, how ours samples it, cores that each side may use, and what is compared: CPU or wall seconds. `least` is how many
 * times faster than the peer it is to be; `faces` whether samples of two faces belong into it.
 */
export const CASES = {
  h264: {
    what: 'H.264, one picture a second',
    recording: 'h264',
    mode: 'whole',
    cores: 1,
    by: 'cpuSeconds',
    least: 2.1,
  },
  vp8: {
    what: 'VP8 of MediaRecorder, one picture a second',
    recording: 'vp8',
    mode: 'whole',
    cores: 1,
    by: 'cpuSeconds',
    least: 1.6,
  },
  adaptive: {
    what: 'H.264, adaptive',
    recording: 'events',
    mode: 'adaptive',
    cores: 1,
    by: 'cpuSeconds',
    least: 5,
  },
  cores: {
    what: 'H.264, two cores, in chunks',
    recording: 'h264',
    mode: 'chunks',
    cores: 2,
    by: 'wallSeconds',
    least: 3,
  },
};

/** The one whose memory counts: it is read, heard and written down in the one reading. */
export const LARGE = {
  what: '1 GB of H.264, with the transcript',
  recording: 'large',
  mode: 'whole',
  megabytes: 1024,
  most: 300,
};

/** Where the second face is in `events`: the second part begins there, and has it from 6 to 14 s. */
export const EVENTS = [
  { start: 12 * 24 + 6, end: 12 * 24 + 14 },
  { start: 12 * 24 + 20 + 11 * 24 + 6, end: 12 * 24 + 20 + 11 * 24 + 14 },
];
