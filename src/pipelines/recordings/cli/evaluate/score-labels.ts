import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import { BASE_SETTINGS } from '../../../../platform/config/base-settings.js';
import { pick } from '../../../../platform/config/settings-table.js';
import { InvalidInput } from '../../../../platform/errors.js';
import { prepareScratch } from '../../../../platform/scratch/scratch.js';
import type { ModelName } from '../../audio/audio-engine.js';
import { FETCH_SETTINGS } from '../../audio/fetch-audio.js';
import type { Inference } from '../../contract/result-document.js';
import type { LabelledRecording } from '../../evaluation/labels/labels-csv.js';
import type { RecordingsContext } from '../context.js';
import { checkFile, errorText, inOrder } from '../files/each-file.js';
import { openLocalEngine, type LocalEngine } from '../files/local-engine.js';
import { createProgress } from './progress.js';

/** What became of each label. */
export interface ScoredLabels {
  model: ModelName;
  scored: { label: LabelledRecording; inference: Inference }[];
  /** Those that are left out of every figure. */
  unread: UnreadRecording[];
}

export interface UnreadRecording {
  line: number;
  recording: string;
  /** Begins with its kind, as the CSV's `error` column does. */
  error: string;
}

/** Downloads under way beside what the pool works on, so that it never waits for one. */
const AHEAD = 4;

/**
 * Fetches, decodes and scores labelled recordings, as a worker would. What is fetched lies in a scratch folder while it is worked on.
 *
 * @param model folder of the model; undefined for MODEL_PATH
 * @throws InvalidInput after Ctrl-C
 */
export async function scoreLabels(
  context: RecordingsContext,
  labels: readonly LabelledRecording[],
  model: string | undefined,
): Promise<ScoredLabels> {
  const stopping = new AbortController();
  const stopListening = context.onInterrupt(() =>
    stopping.abort(new InvalidInput('Interrupted; nothing was written.')),
  );
  const open = { local: undefined as LocalEngine | undefined, source: undefined as Source | undefined };
  try {
    const local = (open.local = await openLocalEngine(context, {
      files: labels.length,
      scoring: true,
      model,
    }));
    const remote = labels.some((label) => 'address' in label.source);
    const source = (open.source = remote ? await openSource(context) : undefined);
    const progress = createProgress(context.terminal, labels.length);
    const score = async (label: LabelledRecording): Promise<Inference | string> => {
      const path = 'file' in label.source ? label.source.file : join(source!.folder, String(label.line));
      try {
        stopping.signal.throwIfAborted();
        if ('address' in label.source) await source!.fetch(label.source.address, path, stopping.signal);
        else await checkFile(path, local.maxBytes);
        const { features } = await local.engine.extract(path, { signal: stopping.signal });
        const [scored] = await local.engine.score([features], stopping.signal);
        return scored!.inference;
      } catch (error) {
        stopping.signal.throwIfAborted();
        return errorText(error);
      } finally {
        if ('address' in label.source) await rm(path, { force: true });
      }
    };
    const answer: ScoredLabels = { model: local.engine.model, scored: [], unread: [] };
    let at = 0;
    for await (const inference of inOrder(labels, local.width + (remote ? AHEAD : 0), score)) {
      const label = labels[at++]!;
      progress.show(at);
      if (typeof inference === 'string') {
        answer.unread.push({ line: label.line, recording: label.name, error: inference });
      } else answer.scored.push({ label, inference });
    }
    progress.end();
    return answer;
  } finally {
    await open.local?.engine.close();
    await open.source?.close();
    stopListening();
  }
}

interface Source {
  folder: string;
  fetch: (address: string, path: string, signal: AbortSignal) => Promise<unknown>;
  close: () => Promise<void>;
}

async function openSource(context: RecordingsContext): Promise<Source> {
  const settings = loadSettings(
    context.readEnvironment(),
    FETCH_SETTINGS,
    pick(BASE_SETTINGS, 'SCRATCH_PATH'),
  );
  const scratch = await prepareScratch(settings.SCRATCH_PATH);
  const access = await context.openAudioAccess(settings).catch(async (error: unknown) => {
    await scratch.remove();
    throw error;
  });
  return {
    folder: scratch.path,
    fetch: (address, path, signal) => access.fetchAudio(address, path, signal),
    async close() {
      access.close();
      await scratch.remove();
    },
  };
}
