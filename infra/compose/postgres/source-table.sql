CREATE SCHEMA IF NOT EXISTS "public";
CREATE TABLE IF NOT EXISTS "public"."student_assessment_record" (
  assessment_record_id text NOT NULL,
  student_id text,
  udise text,
  test_date date,
  record_type text NOT NULL,
  subject_id text NOT NULL,
  subject_name text,
  audio_url text,
  subject_created_at timestamptz,
  PRIMARY KEY (assessment_record_id, record_type, subject_id)
);
