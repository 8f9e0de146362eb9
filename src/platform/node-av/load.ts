import type { NodeAv } from './api.js';
import { AV } from './ffmpeg-numbers.js';

/** Loads `node-av` with FFmpeg's own messages off, or answers why it cannot: not installed, or not for this machine. */
export async function loadNodeAv(): Promise<NodeAv | { unavailable: string }> {
  // Not a literal, so that the compiler does not ask for an optional package's types.
  const specifier: string = 'node-av/lib';
  try {
    const nodeAv = (await import(specifier)) as NodeAv;
    nodeAv.Log.setLevel(AV.logQuiet);
    return nodeAv;
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}
