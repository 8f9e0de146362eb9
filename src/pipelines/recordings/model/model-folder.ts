import { isAbsolute, join } from 'node:path';

/** The model that ships with Vachan is found from any working directory; other paths are as given. */
export function modelFolder(modelPath: string): string {
  return isAbsolute(modelPath) ? modelPath : join(__dirname, '..', '..', '..', '..', modelPath);
}
