/** Entry of a pool member: a child process that decodes media and measures what is in them. */
import { openAudioAnalyser, type AudioAnalyser } from '../../analysis/audio/open-audio-analyser.js';
import { openPictureAnalyser, type PictureAnalyser } from '../../analysis/video/picture-analyser.js';
import type { VideoSample } from '../../contract/video-sample.js';
import { serveTasks } from '../../../../platform/children/serve-tasks.js';
import { readPass } from '../decode/pass.js';
import type { SampleTaker } from '../decode/picture-decoder.js';
import { sampleVideo } from '../decode/sample-video.js';
import { createBlockCache, type BlockCache } from '../input/block-cache.js';
import type { NodeAv } from '../../../../platform/node-av/api.js';
import { DependencyUnavailable } from '../../../../platform/errors.js';
import { loadNodeAv } from '../../../../platform/node-av/load.js';
import { parentTranscriber, talkWithParent, type Parent } from './parent-dialogue.js';
import type { MediaTask, MemberOptions, TaskResult } from './protocol.js';
import { toWireError } from './wire-error.js';

/** The parent takes silence for a process that hangs. */
const PROGRESS_EVERY_MS = 1_000;

const COLLECT_EVERY_BYTES = 8 * 1024 * 1024;
/** Node's types do not know what may be asked for. */
const collectYoung = globalThis.gc as ((options: { type: 'minor' }) => void) | undefined;

interface Member {
  options: MemberOptions;
  nodeAv: NodeAv;
  /** Of the task under way. */
  parent?: Parent;
  /** Models are opened when they are first needed, and let go of before others that take as much again. */
  pictures?: Promise<PictureAnalyser> | undefined;
  heard?: Promise<AudioAnalyser> | undefined;
  transcribed?: Promise<AudioAnalyser> | undefined;
}

function soundOf(member: Member, transcribe: boolean): Promise<AudioAnalyser> {
  const { models, transcriber } = member.options;
  const wanted =
    typeof transcriber === 'string' ? transcriber : parentTranscriber(transcriber, () => member.parent!);
  const field = transcribe ? 'transcribed' : 'heard';
  return (member[field] ??= unlessFailed(
    openAudioAnalyser(models, { transcriber: transcribe ? wanted : 'off' }),
    () => (member[field] = undefined),
  ));
}

function picturesOf(member: Member): Promise<PictureAnalyser> {
  return (member.pictures ??= unlessFailed(openPictureAnalyser(member.options.models), () => {
    member.pictures = undefined;
  }));
}

/** Models that could not be opened, as for want of memory, are opened anew by the next task: kept, the failure would end each of them. */
function unlessFailed<T>(opening: Promise<T>, forget: () => void): Promise<T> {
  opening.catch(forget);
  return opening;
}

/** Words and pictures are seldom of one task, and a member that has the models of both is twice as large. */
async function releaseUnneeded(member: Member, task: MediaTask): Promise<void> {
  const needsPictures = task.kind === 'sample' || task.sampleEvery !== undefined;
  const needsWords = task.kind === 'pass' && task.hear && task.transcribe;
  if (needsWords && !needsPictures) {
    await (await member.pictures)?.release();
    member.pictures = undefined;
  }
  if (needsPictures && !needsWords) {
    await (await member.transcribed)?.release();
    member.transcribed = undefined;
  }
}

async function run(member: Member, task: MediaTask, parent: Parent): Promise<TaskResult> {
  const { nodeAv, options } = member;
  member.parent = parent;
  await releaseUnneeded(member, task);
  const cache = createBlockCache(task.size, frugal(parent.readBytes));
  const onPacket = createProgress(cache, parent);
  const taking = (): { samples: VideoSample[]; take: SampleTaker } => {
    const samples: VideoSample[] = [];
    return {
      samples,
      async take(picture, k, time) {
        samples.push(await (await picturesOf(member)).analyse(picture, k, time));
        onPacket(time);
      },
    };
  };
  if (task.kind === 'sample') {
    const { samples, take } = taking();
    const { facts, from, to, every, frames } = task;
    const windows = { every, first: Math.max(0, Math.round(from / every)), end: Math.round(to / every) };
    await sampleVideo(nodeAv, cache, options.limits, facts, { windows, frames, take, onPacket });
    return { kind: 'sample', samples };
  }
  const { hear, transcribe, language, sampleEvery, needs } = task;
  const listener = hear
    ? (await soundOf(member, transcribe)).listen(language === undefined ? {} : { language })
    : undefined;
  const sampling = sampleEvery === undefined ? undefined : { every: sampleEvery, ...taking() };
  const facts = await readPass(nodeAv, cache, options.limits, {
    ...(listener && {
      async hear(sound) {
        await listener.hear(sound);
        // Each word's scores are 130 KB outside V8's heap.
        if (transcribe) collectYoung?.({ type: 'minor' });
      },
    }),
    ...(sampling && { sampling }),
    needs,
    onPacket,
  });
  return {
    kind: 'pass',
    facts,
    audio: facts.audio && (await listener?.end()),
    samples: facts.video && sampling?.samples,
  };
}

/**
 * V8 does not count on the bytes that lie outside its heap and come by the megabyte: left to itself it keeps 50 of them that nobody needs
 * any more. They are young, so a look at the young alone finds them, in less than a millisecond.
 */
function frugal(readBytes: Parent['readBytes']): Parent['readBytes'] {
  let since = 0;
  return async (from, to) => {
    since += to - from;
    if (since >= COLLECT_EVERY_BYTES) {
      since = 0;
      collectYoung?.({ type: 'minor' });
    }
    return readBytes(from, to);
  };
}

/** Tells the parent now and then how far it is. */
function createProgress(cache: BlockCache, parent: Parent): (time: number) => void {
  let nextMs = 0;
  return (time) => {
    const nowMs = performance.now();
    if (nowMs < nextMs) return;
    nextMs = nowMs + PROGRESS_EVERY_MS;
    parent.progress({ seconds: time, bytes: cache.fetched.bytes });
  };
}

/** @throws DependencyUnavailable where the package is not installed, or not for this machine */
async function openNodeAv(): Promise<NodeAv> {
  const nodeAv = await loadNodeAv();
  if (!('unavailable' in nodeAv)) return nodeAv;
  throw new DependencyUnavailable(
    'Media of interviews need npm node-av, which could not be loaded: is it installed, with its optional parts? ' +
      `(${nodeAv.unavailable.split('\n')[0] ?? ''})`,
  );
}

serveTasks({
  start: async (options: MemberOptions): Promise<Member> => ({
    options,
    nodeAv: await openNodeAv(),
  }),
  partsOf: () => undefined,
  toWireError,
  async run(member, task: MediaTask, dialogue) {
    try {
      return await run(member, task, talkWithParent(dialogue));
    } finally {
      // What a long medium leaves outside V8's heap would stay until V8 has a reason of its own.
      globalThis.gc?.();
    }
  },
});
