import { createLogger, type Logger, type LogLevel } from './logger.js';
import type { SecretWords } from './redactor.js';

/** One written line, parsed. */
export interface RecordedLine extends Record<string, unknown> {
  level: string;
  time: string;
  event: string;
}

/** A logger that keeps its lines, as they would have been written, for tests to look at. */
export interface RecordingLogger extends Logger<string> {
  /** The raw lines, each with its line feed. */
  readonly text: readonly string[];
  readonly lines: readonly RecordedLine[];
  /** The lines of one event. */
  of(event: string): RecordedLine[];
}

export function recordingLogger(
  level: LogLevel = 'trace',
  secretWords: readonly SecretWords[] = [],
): RecordingLogger {
  const text: string[] = [];
  const lines: RecordedLine[] = [];
  const destination = {
    write: (line: string) => {
      text.push(line);
      lines.push(JSON.parse(line) as RecordedLine);
    },
  };
  return {
    ...createLogger({ level, destination, secretWords }),
    text,
    lines,
    of: (event) => lines.filter((line) => line.event === event),
  };
}
