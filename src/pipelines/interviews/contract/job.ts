/** Of a job's document, as the upstream application and all tools have them. */
export const JOB_STATUS = { pending: '0', processing: '1', failed: '2', completed: '3' } as const;
export type JobStatus = (typeof JOB_STATUS)[keyof typeof JOB_STATUS];

export const FILE_READY = { no: '0', yes: '1' } as const;
export type FileReady = (typeof FILE_READY)[keyof typeof FILE_READY];

export const INTERVIEW_TYPES = ['video', 'audio'] as const;
export type InterviewType = (typeof INTERVIEW_TYPES)[number];

/** What makes a job another one. */
export interface JobKey {
  interview_id: string;
  interview_type: InterviewType;
  bucket: string;
  key: string;
}

/** A question of the interview; with key points, how far an answer covers them is measured. */
export interface Question {
  text: string;
  key_points?: readonly string[];
}

/** A document of `INTERVIEW_QUEUE_COLLECTION`, its `_id` as hex digits. */
export interface InterviewJob extends JobKey {
  job_id: string;
  status: JobStatus;
  data_process: FileReady;
  created_at: Date;
  updated_at: Date;
  started_at?: Date;
  /** When the last attempt ended for good. */
  ended_at?: Date;
  /** While it waits for another attempt. */
  next_attempt_at?: Date;
  attempts: number;
  /** First execution run id of the workflow that has claimed it; null while none has. Every later write names it. */
  run_id: string | null;
  error_message?: string;
  error_type?: string;
  result_id?: string;
  /** Rises when another object took the place of the one that was analysed. */
  revision: number;
  /** Of the object that the last attempt read. */
  etag?: string;
  expected_jobs?: number;
  questions?: readonly Question[];
  language?: string;
  timeout_seconds?: number;
}
