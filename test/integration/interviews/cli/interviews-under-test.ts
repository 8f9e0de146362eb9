import { openInterviews, type InterviewsAccess } from '#vachan/pipelines/interviews/cli/open-interviews.js';
import { freshInterviews } from '../../embedded-stack.js';
import { interviewsCli } from './interviews-cli.js';

export interface Listed {
  jobs: { job_id: string; interview_id: string; status: string; error_type?: string; revision: number }[];
}

/** Commands on an installation that is new for each test. */
export class InterviewsUnderTest {
  env: Record<string, string> = {};
  bucket = '';
  access!: InterviewsAccess;

  constructor() {
    beforeEach(async () => {
      const { endpoints, env } = await freshInterviews();
      this.env = { INTERVIEW_ID_KEY: 'of-these-tests-and-long-enough-to-be-one', ...env };
      this.bucket = endpoints.bucket;
      this.access = openInterviews(this.env);
    });
    afterEach(() => this.access.close());
  }

  vachan = (...args: string[]): ReturnType<typeof interviewsCli> => interviewsCli(args, this.env);
  camera = (): string => `s3://${this.bucket}/4711/camera.webm`;

  claim = async (jobId: string): Promise<void> => {
    await this.access.jobs.markReady(jobId);
    await this.access.jobs.claim(jobId, { runId: 'run-1', attempt: 1 });
  };

  addedOne = async (): Promise<string> => {
    const [job] = (await this.vachan('add', '4711', this.camera(), '--json')).json<Listed>().jobs;
    return job!.job_id;
  };
}
