import { count, thousands } from '../../../../commands/words.js';
import { CommandMisused } from '../../../../commands/command-misused.js';
import type { JudgedRecording } from '../../evaluation/evaluate.js';
import { estimateDate, type DateEstimate, type Stratum } from '../../evaluation/estimate-date.js';
import type { Verdict } from '../../evaluation/labels/verdicts-csv.js';
import type { ModelScores, ScoreReader, ScoresOf } from '../../results/score-reader.js';

/** A reviewer's verdicts joined with what the date's results say. */
export interface JoinedVerdicts {
  model: ModelScores;
  recordings: JudgedRecording[];
  /** Those whose normal ones are as the date's are; empty where none can be said to be. */
  representative: JudgedRecording[];
  left_out: {
    unsure: number;
    /** Without a verdict so far. */
    open: number;
    /** Not among the date's results. */
    not_found: number;
    /** Scored by another model, or at another threshold. */
    other_model: number;
  };
  whole_date: DateEstimate | null;
  /** What the figures rest on, in sentences. */
  rests_on: string[];
}

type Reviewed = JudgedRecording & { sample: Verdict['sample'] };

/**
 * @throws CommandMisused when no verdict is about a result of this date
 * @throws DependencyUnavailable when MongoDB does not answer
 */
export async function joinVerdicts(
  reader: ScoreReader,
  of: ScoresOf,
  verdicts: readonly Verdict[],
): Promise<JoinedVerdicts> {
  const judged = verdicts.filter(({ verdict }) => verdict === 'normal' || verdict === 'anomalous');
  const found = await reader.ofIds(
    of,
    judged.map(({ result_document_id }) => result_document_id),
  );
  const results = new Map(found.map((result) => [result.id, result]));
  const models = await reader.models(of);
  const model = models
    .map((candidate) => ({ candidate, results: found.filter((result) => isBy(result, candidate)).length }))
    .sort((a, b) => b.results - a.results)[0];
  if (model === undefined || model.results === 0) {
    throw new CommandMisused(
      `None of ${count(judged.length, 'verdict')} is about a result of ${of.testDate} in ${of.sourceCollection}.`,
    );
  }
  const recordings = judged.flatMap((verdict): Reviewed[] => {
    const result = results.get(verdict.result_document_id);
    if (result === undefined || !isBy(result, model.candidate)) return [];
    const { id: name, score, flagged, reasons } = result;
    const { kind, sample } = verdict;
    return [{ name, kind, sample, score, flagged, reasons, anomalous: verdict.verdict === 'anomalous' }];
  });
  return {
    model: model.candidate,
    recordings,
    left_out: {
      unsure: verdicts.filter(({ verdict }) => verdict === 'unsure').length,
      open: verdicts.filter(({ verdict }) => verdict === 'open').length,
      not_found: judged.length - found.length,
      other_model: found.length - recordings.length,
    },
    ...weigh(recordings, model.candidate),
  };
}

function isBy(
  result: { modelName: string; modelVersion: string; threshold: number | null },
  { name, version, threshold }: ModelScores,
): boolean {
  return result.modelName === name && result.modelVersion === version && result.threshold === threshold;
}

/** What may be said of the whole date, by how its results were chosen for review. */
function weigh(
  recordings: readonly Reviewed[],
  { flagged, passed }: ModelScores,
): Pick<JoinedVerdicts, 'representative' | 'whole_date' | 'rests_on'> {
  const drawn = recordings.filter(({ sample }) => sample === 'random');
  const saysHow = recordings.some(({ sample }) => sample !== null);
  const strata = [side(true, flagged, recordings), side(false, passed, recordings)] as const;
  const [ofFlagged, ofPassed] = strata.map(({ normal, anomalous }) => normal + anomalous) as [number, number];
  const whole_date = estimateDate(strata);
  const rests_on = [
    `AUC, recall and false alarms are of the ${thousands(recordings.length)} reviewed results, not of the date's ${thousands(flagged + passed)}.`,
    `${whole_date === null ? 'Nothing is said of the whole date, with' : '"Whole date" rests on'} ${thousands(ofFlagged)} of ${thousands(flagged)} flagged results, and ${thousands(ofPassed)} of ${thousands(passed)} others reviewed.`,
  ];
  if (!saysHow) {
    rests_on.push(
      'The file does not say how results were chosen (column sample: top or random): "whole date" and the threshold hold only if they were drawn at random.',
    );
  } else if (ofFlagged < flagged && !strata[0].drawn) {
    rests_on.push(
      'Flagged results were reviewed for their high scores, where false alarms are rarest: the date has rather more of them.',
    );
  }
  if (saysHow && ofPassed > 0 && ofPassed < passed && !strata[1].drawn) {
    rests_on.push(
      'No result below the threshold was drawn at random: those reviewed lie right below it, where misses are most frequent.',
    );
  }
  const representative = saysHow ? drawn : recordings;
  const oneSided = flagged > 0 && !representative.some((recording) => recording.flagged);
  if (oneSided) {
    rests_on.push(
      'No threshold is derived: no flagged result was drawn at random, so the highest scores of normal recordings are missing (vachan review --random-from all draws them).',
    );
  }
  return {
    representative: oneSided ? [] : [...representative],
    whole_date,
    rests_on,
  };
}

/**
 * One side of the threshold. `vachan review` draws at random from a whole side, high scores included, and no result is in both of its
 * samples: so what was drawn alone stands for the side, unless all of it was reviewed. Where nothing was drawn, what was chosen for its
 * score has to. The two commands must agree in this.
 */
function side(
  flagged: boolean,
  results: number,
  reviewed: readonly Reviewed[],
): Stratum & { drawn: boolean } {
  const ofSide = reviewed.filter((recording) => recording.flagged === flagged);
  const atRandom = ofSide.filter(({ sample }) => sample === 'random');
  const drawn = atRandom.length > 0 && ofSide.length < results;
  const of = drawn ? atRandom : ofSide;
  const anomalous = of.filter((recording) => recording.anomalous).length;
  return { flagged, results, anomalous, normal: of.length - anomalous, drawn };
}
