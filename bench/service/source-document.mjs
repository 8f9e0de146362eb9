export const SUBJECT_NAME = 'वाचन';

/** The `n`th made source document: one recording of one date, three in four by a teacher. */
export function sourceDocument(n, date, createdAt) {
  const subject = {
    subject_id: `reading-${n % 7}`,
    subject_name: SUBJECT_NAME,
    audio_url: `s3://recordings/${date}/${n}.wav`,
    subject_created_at: createdAt,
  };
  const byTeacher = n % 4 !== 0;
  return {
    student_id: `student-${n}`,
    udise: String(27_000_000_000 + (n % 40_000)),
    assessments: [
      {
        test_date: date,
        teacher_record: { subjects: byTeacher ? [subject] : [] },
        admin_record: { subjects: byTeacher ? [] : [subject] },
      },
    ],
  };
}
