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
  representative: readonly JudgedRecording[];
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
  const strata = [...strataOf(true, flagged, recordings), ...strataOf(false, passed, recordings)];
  const ofFlagged = recordings.filter((recording) => recording.flagged).length;
  const ofPassed = recordings.length - ofFlagged;
  const whole_date = estimateDate(strata);
  const rests_on = [
    `AUC, recall and false alarms are of the ${thousands(recordings.length)} reviewed results, not of the date's ${thousands(flagged + passed)}.`,
    `${whole_date === null ? 'Nothing is said of the whole date, with' : '"Whole date" rests on'} ${thousands(ofFlagged)} of ${thousands(flagged)} flagged results, and ${thousands(ofPassed)} of ${thousands(passed)} others reviewed.`,
  ];
  if (!saysHow) {
    rests_on.push(
      'The file does not say how results were chosen (column sample: top or random): "whole date" and the threshold hold only if they were drawn at random.',
    );
  } else if (ofFlagged < flagged && !drawn.some((recording) => recording.flagged)) {
    rests_on.push(
      'Flagged results were reviewed for their high scores, where false alarms are rarest: the date has rather more of them.',
    );
  }
  if (saysHow && ofPassed > 0 && ofPassed < passed && !drawn.some((recording) => !recording.flagged)) {
    rests_on.push(
      'No result below the threshold was drawn at random: those reviewed lie right below it, where misses are most frequent.',
    );
  }
  // Drawn beside the highest scores, or from what passed alone, a sample lacks the scores that a threshold lies among.
  const fromAll = flagged === 0 || drawn.some((recording) => recording.flagged);
  const hasThreshold = !saysHow || (fromAll && drawn.length === recordings.length);
  if (!hasThreshold) {
    rests_on.push(
      'No threshold is derived: that takes results drawn at random from all, and none chosen for its score beside them (vachan review --random-from all).',
    );
  }
  return { representative: hasThreshold ? recordings : [], whole_date, rests_on };
}

/**
 * One side of the threshold, as `vachan review` chooses: what has the highest scores stands for itself, and what was drawn at random from the
 * others stands for those. Where nothing was drawn, what was chosen for its score has to stand for the side.
 */
function strataOf(flagged: boolean, results: number, reviewed: readonly Reviewed[]): Stratum[] {
  const side = reviewed.filter((recording) => recording.flagged === flagged);
  const drawn = side.filter(({ sample }) => sample === 'random');
  const chosen = side.filter(({ sample }) => sample !== 'random');
  const stratum = (of: readonly Reviewed[], all: number): Stratum => {
    const anomalous = of.filter((recording) => recording.anomalous).length;
    return { flagged, results: all, anomalous, normal: of.length - anomalous };
  };
  if (drawn.length === 0) return [stratum(chosen, results)];
  return [stratum(chosen, chosen.length), stratum(drawn, results - chosen.length)];
}
