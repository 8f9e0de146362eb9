import { count, thousands } from '../../../../commands/words.js';
import { CommandMisused } from '../../../../commands/command-misused.js';
import type { JudgedRecording } from '../../evaluation/evaluate.js';
import { estimateDate, type DateEstimate, type Stratum } from '../../evaluation/estimate-date.js';
import type { Verdict } from '../../evaluation/labels/verdicts-csv.js';
import { baseVersion } from '../../model/calibration/calibrated-version.js';
import type { ModelScores, ScoreReader, ScoresOf, StoredScore } from '../../results/score-reader.js';
import { unevenlyDrawn } from './drawn-from-all.js';

/** A reviewer's verdicts joined with what the date's results say. */
export interface JoinedVerdicts {
  model: ModelScores;
  recordings: JudgedRecording[];
  /** Whether the file says how results were chosen; where not, all are taken for drawn at random. */
  says_how: boolean;
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
 * @param artefacts whose results are taken, whatever the threshold was: all calibrations of a model give the same scores; without them, those of
 *   the model and threshold that most verdicts are about
 * @throws CommandMisused when no verdict is about a result of this date, or of that model
 * @throws DependencyUnavailable when MongoDB does not answer
 */
export async function joinVerdicts(
  reader: ScoreReader,
  of: ScoresOf,
  verdicts: readonly Verdict[],
  artefacts?: { name: string; version: string },
): Promise<JoinedVerdicts> {
  const judged = verdicts.filter(({ verdict }) => verdict === 'normal' || verdict === 'anomalous');
  if (judged.length === 0) {
    throw new CommandMisused(
      `No verdict is normal or anomalous; the ${count(verdicts.length, 'row')} of the file are unsure or have none.`,
    );
  }
  const found = await reader.ofIds(
    of,
    judged.map(({ result_document_id }) => result_document_id),
  );
  const results = new Map(found.map((result) => [result.id, result]));
  const models = await reader.models(of);
  const scorers = artefacts === undefined ? models.map(exactly) : [anyCalibration(models, artefacts)];
  const scorer = scorers
    .map((candidate) => ({ ...candidate, results: found.filter(candidate.scored).length }))
    .sort((a, b) => b.results - a.results)[0];
  if (scorer === undefined || scorer.results === 0) throw noneFound(judged.length, of, found, artefacts);
  const { model, scored } = scorer;
  const recordings = judged.flatMap((verdict): Reviewed[] => {
    const result = results.get(verdict.result_document_id);
    if (result === undefined || !scored(result)) return [];
    const { id: name, score, flagged, reasons } = result;
    const { kind, sample } = verdict;
    return [{ name, kind, sample, score, flagged, reasons, anomalous: verdict.verdict === 'anomalous' }];
  });
  return {
    model,
    recordings,
    left_out: {
      unsure: verdicts.filter(({ verdict }) => verdict === 'unsure').length,
      open: verdicts.filter(({ verdict }) => verdict === 'open').length,
      not_found: judged.length - found.length,
      other_model: found.length - recordings.length,
    },
    ...weigh(recordings, model),
  };
}

/** Whose results the figures are of. */
interface Scorer {
  model: ModelScores;
  scored: (result: StoredScore) => boolean;
}

const exactly = (model: ModelScores): Scorer => ({
  model,
  scored: ({ modelName, modelVersion, threshold }) =>
    modelName === model.name && modelVersion === model.version && threshold === model.threshold,
});

function anyCalibration(
  models: readonly ModelScores[],
  { name, version }: { name: string; version: string },
): Scorer {
  const base = baseVersion(version);
  const same = models.filter((model) => model.name === name && baseVersion(model.version) === base);
  const sum = (side: 'flagged' | 'passed') => same.reduce((total, model) => total + model[side], 0);
  return {
    model: { name, version: base, threshold: null, flagged: sum('flagged'), passed: sum('passed') },
    scored: ({ modelName, modelVersion }) => modelName === name && baseVersion(modelVersion) === base,
  };
}

/** How many models an error names. */
const MOST_MODELS = 3;

function noneFound(
  judged: number,
  of: ScoresOf,
  found: readonly StoredScore[],
  artefacts: { name: string; version: string } | undefined,
): CommandMisused {
  const none = `None of ${count(judged, 'verdict')} is about a result of ${of.testDate} in ${of.sourceCollection}`;
  if (artefacts === undefined || found.length === 0) return new CommandMisused(`${none}.`);
  const others = [...new Set(found.map(({ modelName, modelVersion }) => `${modelName} ${modelVersion}`))];
  const more = others.length > MOST_MODELS ? ` and ${others.length - MOST_MODELS} more` : '';
  return new CommandMisused(
    `${none} that ${artefacts.name} ${baseVersion(artefacts.version)} has scored; ${thousands(found.length)} are about results of ${others.slice(0, MOST_MODELS).join(', ')}${more}.`,
  );
}

/** What may be said of the whole date, by how its results were chosen for review. */
function weigh(
  recordings: readonly Reviewed[],
  { flagged, passed }: ModelScores,
): Pick<JoinedVerdicts, 'says_how' | 'representative' | 'whole_date' | 'rests_on'> {
  const drawn = recordings.filter(({ sample }) => sample === 'random');
  const saysHow = recordings.some(({ sample }) => sample !== null);
  const strata = [side(true, flagged, recordings), side(false, passed, recordings)] as const;
  const [ofFlagged, ofPassed] = strata.map(({ normal, anomalous }) => normal + anomalous) as [number, number];
  const whole_date = estimateDate(strata);
  const rests_on = [
    recordings.length === flagged + passed
      ? `All ${thousands(recordings.length)} results of the date were reviewed.`
      : `AUC, recall and false alarms are of the ${thousands(recordings.length)} reviewed results, not of the date's ${thousands(flagged + passed)}.`,
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
  const uneven = saysHow && !oneSided ? unevenlyDrawn(drawn, { flagged, passed }) : undefined;
  if (uneven !== undefined) rests_on.push(uneven);
  return {
    says_how: saysHow,
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
