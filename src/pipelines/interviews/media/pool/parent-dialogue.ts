import type { Dialogue } from '../../../../platform/children/serve-tasks.js';
import type { Transcriber, TranscriptSegment } from '../../models/transcript/transcriber.js';
import type { MediaProgress } from '../media-engine.js';
import type { MediaAnswer, MediaNote, ParentTranscriber } from './protocol.js';

/** What a task asks of the parent, which has the medium and the network. */
export interface Parent {
  readBytes: (from: number, to: number) => Promise<Uint8Array>;
  transcribe: Transcriber['transcribe'];
  progress(progress: MediaProgress): void;
}

/** Thrown where the parent did not answer; it knows why, and says so in place of this. */
export class ParentFailed extends Error {}

export function talkWithParent(dialogue: Dialogue): Parent {
  const waiting = new Map<number, { resolve(answer: MediaAnswer): void; reject(error: Error): void }>();
  let last = 0;
  dialogue.onNote((note) => {
    const answer = note as MediaAnswer;
    const asked = waiting.get(answer.number);
    waiting.delete(answer.number);
    if (answer.kind === 'failed') asked?.reject(new ParentFailed(answer.message));
    else asked?.resolve(answer);
  });
  const ask = (note: (number: number) => MediaNote): Promise<MediaAnswer> =>
    new Promise((resolve, reject) => {
      const number = ++last;
      waiting.set(number, { resolve, reject });
      dialogue.say(note(number));
    });
  return {
    async readBytes(from, to) {
      const answer = await ask((number) => ({ kind: 'range', number, from, to }));
      if (answer.kind !== 'bytes' || answer.bytes.length !== to - from) throw new ParentFailed('no bytes');
      return answer.bytes;
    },
    async transcribe(pcm16k, segments, options): Promise<TranscriptSegment[]> {
      const answer = await ask((number) => ({ kind: 'transcribe', number, pcm16k, segments, options }));
      if (answer.kind !== 'transcript') throw new ParentFailed('no transcript');
      return answer.segments;
    },
    progress: (progress) => dialogue.say({ kind: 'progress', progress } satisfies MediaNote),
  };
}

/** Stands for a transcriber of the parent, whichever task is under way. */
export function parentTranscriber(
  { name, version, languages }: ParentTranscriber,
  parent: () => Parent,
): Transcriber {
  return {
    name,
    version,
    ...(languages && { languages }),
    transcribe: (...asked) => parent().transcribe(...asked),
    release: () => Promise.resolve(),
  };
}
