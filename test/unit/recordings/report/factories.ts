import type { Picture } from '../../../../src/pipelines/recordings/report/picture/draw-recording.js';
import type {
  RunResults,
  ReportedRecording,
} from '../../../../src/pipelines/recordings/report/run-results.js';
import type { PicturedRecording, Report } from '../../../../src/pipelines/recordings/report/report.js';
import { aSummary, WORKFLOW_ID } from '../../shared/cli/fake-context.js';

const START = Date.parse('2025-12-20T13:30:00.000Z');
const at = (minutes: number): Date => new Date(START + minutes * 60_000);

export function aRecording(changes: Partial<ReportedRecording> = {}): ReportedRecording {
  return {
    id: 'ab12'.padEnd(64, '0'),
    recordType: 'teacher_record',
    score: 0.731,
    threshold: 0.55,
    isAnomaly: true,
    reasons: [
      {
        feature: 'rms_mean',
        contribution: 0.6,
        deviation: -7,
        description: 'much quieter than a normal reading',
      },
    ],
    audio: { duration_seconds: 12.5, codec: 'aac', sample_rate: 44_100, channels: 1, bytes: 99_000 },
    processedAt: at(4),
    address: 's3://recordings/uploads/child-7.m4a',
    ...changes,
  };
}

/** One dark pixel. */
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

export function aPicture(changes: Partial<Picture> = {}): Picture {
  return {
    seconds: 12.5,
    waveform: { min: [-100, -800, -300], max: [100, 700, 0] },
    spectrogram: PIXEL,
    columns: 1,
    ...changes,
  };
}

export function pictured(changes: Partial<PicturedRecording> = {}): PicturedRecording {
  return { ...aRecording(), drawn: { picture: aPicture() }, link: undefined, ...changes };
}

export function someResults(changes: Partial<RunResults> = {}): RunResults {
  return {
    recordings: 1200,
    anomalies: 90,
    audioSeconds: 36_000,
    firstAt: at(0),
    lastAt: at(9),
    models: [{ name: 'reading-audio', version: '0.1.0', threshold: 0.55, recordings: 1200, anomalies: 90 }],
    comparison: null,
    scores: {
      binWidth: 0.05,
      lastIsOpen: false,
      bins: [
        { from: 0.4, normal: 300, anomaly: 0 },
        { from: 0.45, normal: 500, anomaly: 0 },
        { from: 0.5, normal: 310, anomaly: 0 },
        { from: 0.55, normal: 0, anomaly: 60 },
        { from: 0.6, normal: 0, anomaly: 30 },
      ],
    },
    throughput: {
      binMs: 120_000,
      recordings: 1200,
      bins: [300, 240, 0, 360, 300].map((recordings, index) => ({ at: at(index * 2), recordings })),
    },
    reasons: [{ description: 'much quieter than a normal reading', recordings: 41 }],
    mostAnomalous: [],
    ...changes,
  };
}

export function aReport(changes: Partial<Report> = {}): Report {
  return {
    testDate: '2025-12-20',
    sourceCollection: 'student_assessment_record',
    generatedAt: at(60),
    version: '0.1.0',
    timeZone: 'Asia/Kolkata',
    run: {
      workflowId: WORKFLOW_ID,
      state: 'completed',
      startedAt: at(-1),
      closedAt: at(10),
      summary: aSummary({ status: 'completed', failures: { AudioNotFound: 3, AudioTruncated: 1 } }),
    },
    results: someResults(),
    calibrated: undefined,
    recordings: [pictured()],
    linksEndAt: null,
    ...changes,
  };
}

export const aDrift = {
  model_name: 'reading-audio',
  model_version: '0.1.0',
  recordings: 1200,
  scored_by: [{ model_name: 'reading-audio', model_version: '0.1.0', recordings: 1200 }],
  not_comparable: 0,
  features: 109,
  drifted: 2,
  most_drifted: ['rms_mean', 'spectral_centroid_mean'].map((feature, index) => ({
    feature,
    training_mean: 1,
    training_std: 0.5,
    mean: 2.6 - index,
    std: 0.4,
    q05: 1,
    q50: 2.5,
    q95: 3,
    distance: 3.2 - index,
  })),
};
