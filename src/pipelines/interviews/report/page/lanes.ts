import type { TimeSpan } from '../../contract/audio-part.js';
import type { InterviewResult } from '../../contract/result.js';
import { plural } from '../../../../platform/page/words.js';

/** How a span is drawn: a class of the style sheet. */
export type SpanKind = 'usual' | 'notable' | 'more' | 'quiet';

export interface LaneSpan extends TimeSpan {
  kind: SpanKind;
  /** What a pointer that rests on it reads, and the table says. */
  what: string;
}

/** A row of the timeline. */
export interface Lane {
  name: string;
  spans: readonly LaneSpan[];
}

/** What of a medium can be drawn over time; a lane without a span is left out unless its absence says something. */
export function lanesOf({ video, speech }: Pick<InterviewResult, 'video' | 'speech'>): Lane[] {
  const lanes: Lane[] = [];
  if (video !== undefined) {
    const { faces, head, eyes, picture } = video;
    lanes.push(
      {
        name: 'Faces',
        spans: faces.counts.map((span) => ({
          ...span,
          kind: kindOfCount(span.faces),
          what: facesIn(span.faces),
        })),
      },
      {
        name: 'Head turned',
        spans: head.turns.map((span) => ({
          ...span,
          kind: 'notable',
          what: `head turned ${span.direction}`,
        })),
      },
      {
        name: 'Eyes off',
        spans: eyes.off.map((span) => ({ ...span, kind: 'notable', what: 'eyes off their median' })),
      },
      {
        name: 'Frozen',
        spans: picture.frozen.map((span) => ({ ...span, kind: 'notable', what: 'picture frozen' })),
      },
    );
  }
  if (speech !== undefined) {
    lanes.push(
      { name: 'Speech', spans: speech.intervals.map((span) => ({ ...span, kind: 'usual', what: 'speech' })) },
      { name: 'Pauses', spans: speech.pauses.map((span) => ({ ...span, kind: 'quiet', what: 'pause' })) },
    );
  }
  return lanes.filter(({ name, spans }) => spans.length > 0 || ALWAYS.includes(name));
}

/** What a colour stands for, lane by lane, in the order of the legend. */
const LEGEND: readonly (readonly [SpanKind, lane: string, words: string])[] = [
  ['usual', 'Faces', 'one face'],
  ['usual', 'Speech', 'speech'],
  ['notable', 'Faces', 'no face'],
  ['notable', 'Head turned', 'turned'],
  ['notable', 'Eyes off', 'eyes off'],
  ['notable', 'Frozen', 'frozen'],
  ['more', 'Faces', 'two or more faces'],
  ['quiet', 'Pauses', 'pause'],
];

/** What each colour that is drawn stands for, of what is drawn in it. @param heard whether the level is drawn */
export function legendOf(lanes: readonly Lane[], heard: boolean): Map<SpanKind, string[]> {
  const legend = new Map<SpanKind, string[]>();
  const add = (kind: SpanKind, words: string): void => {
    legend.set(kind, [...(legend.get(kind) ?? []), words]);
  };
  for (const [kind, lane, words] of LEGEND) {
    if (lanes.some(({ name, spans }) => name === lane && spans.some((span) => span.kind === kind))) {
      add(kind, words);
    }
  }
  // The area of the level has the colour of what is usual.
  if (heard) add('usual', 'level');
  return legend;
}

const ALWAYS = ['Faces', 'Head turned', 'Speech', 'Pauses'];

function kindOfCount(faces: number): SpanKind {
  if (faces === 0) return 'notable';
  return faces === 1 ? 'usual' : 'more';
}

const facesIn = (faces: number): string => (faces === 0 ? 'no face' : plural(faces, 'face'));
