import { join } from 'node:path';
import {
  createMediaEngine,
  type MediaEngineOptions,
  type PooledMediaEngine,
} from '../../../../src/pipelines/interviews/media/create-media-engine.js';
import type { MediaSource } from '../../../../src/pipelines/interviews/media/media-source.js';
import { openFileSource } from '../../../../src/pipelines/interviews/media/sources/file-source.js';

const root = join(__dirname, '..', '..', '..', '..');
const MEDIA = join(root, 'test', 'fixtures', 'interviews');
export const MODELS = join(root, 'models');

export interface MediaUnderTest {
  /** With one process. */
  readonly engine: PooledMediaEngine;
  /** A medium of the fixtures; closed after the test. */
  open(name: string): Promise<MediaSource>;
}

/** Has an engine started before a file's tests and closed after them. */
export function mediaUnderTest(options: Partial<MediaEngineOptions> = {}): MediaUnderTest {
  let engine: PooledMediaEngine;
  const opened: MediaSource[] = [];
  beforeAll(async () => {
    engine = await createMediaEngine({ size: 1, models: MODELS, transcriber: 'off', ...options });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((source) => source.close()));
  });
  afterAll(async () => {
    await engine.close();
  });
  return {
    get engine() {
      return engine;
    },
    async open(name) {
      const source = await openFileSource(join(MEDIA, name));
      opened.push(source);
      return source;
    },
  };
}
