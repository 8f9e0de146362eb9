import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a pool member may need, with its model. */
const MOST_MEMBER_MB = 250;

/**
 * Sends many clips through one pool member and looks at its memory on the way.
 *
 * @returns `{clips, rssMb, members, peakMb, ok}`: resident memory at ten points; ok when one process did it all within the limit
 */
export async function soak(root, clips, count) {
  const { createAudioEngine } =
    await import('#vachan/pipelines/recordings/audio/pool/create-audio-engine.js');
  const engine = await createAudioEngine({
    poolSize: 1,
    modelFolder: join(root, 'models', 'reading-audio'),
    // A worker's members are replaced now and then; here one must do it all.
    recycleAfterTasks: Infinity,
  });
  const rssMb = [];
  for (let done = 0; done < count; done++) {
    const { features } = await engine.extract(clips[done % clips.length].path);
    if (done % 100 === 99) await engine.score([features]);
    if ((done + 1) % Math.ceil(count / 10) === 0) {
      const [pid] = engine.memberPids();
      rssMb.push({ clips: done + 1, pid, ...memory(pid) });
    }
  }
  await engine.close();
  const [members, peakMb] = [
    new Set(rssMb.map(({ pid }) => pid)).size,
    Math.max(...rssMb.map(({ peak }) => peak)),
  ];
  return { clips: count, rssMb, members, peakMb, ok: members === 1 && !(peakMb > MOST_MEMBER_MB) };
}

function memory(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mb = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024);
    return { now: mb('VmRSS'), peak: mb('VmHWM') };
  } catch {
    return {};
  }
}
