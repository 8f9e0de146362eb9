import { isAbsolute, join } from 'node:path';

/** The folder of the models that ship with Vachan is found from any working directory; other paths are as given. */
export function interviewModels(path: string): string {
  return isAbsolute(path) ? path : join(__dirname, '..', '..', '..', '..', path);
}
