import { choice, integer, text } from '../../../platform/config/setting.js';

/** Where results, state and the CSV go, and what is written into them. */
export const RESULTS_SETTINGS = {
  MONGO_STATE_COLLECTION: text({
    default: 'anomaly_pipeline_state',
    about: "Mirror of each discovery's progress.",
  }),
  MONGO_RESULT_COLLECTION: text({ default: 'anomaly_detection_results', about: 'Result documents.' }),
  CSV_OUTPUT_PATH: text({
    default: 'vachan-results.csv',
    about: 'A local file that grows, or s3://bucket/prefix for one object a batch.',
  }),
  PIPELINE_NAME: text({ default: 'audio_anomaly', about: 'Written into results and state.' }),
  RESULT_ID_BASIS: choice(['recording', 'row'], {
    default: 'recording',
    about:
      'What makes two rows the same recording: child, subject, date and audio; or the source row itself.',
  }),
  FEATURE_RETENTION_DAYS: integer(
    { min: 0, max: 3650 },
    {
      default: '30',
      about:
        "How long each recording's features are kept (0.5 KB each), from which a run's summary tells how the date differs from the model's training; 0 keeps none.",
    },
  ),
} as const;
