import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Sends many clips through one pool member and looks at its memory on the way.
 *
 * @returns `{clips, rssMb}`: resident memory at ten points; a member that was replaced in between shows as another process
 */
export async function soak(root, clips, count) {
  const { createAudioEngine } = await import(join(root, 'dist', 'audio', 'pool', 'create-audio-engine.js'));
  const engine = await createAudioEngine({ poolSize: 1, modelFolder: join(root, 'models', 'reading-audio') });
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
  return { clips: count, rssMb };
}

function memory(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mb = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1_024);
    return { now: mb('VmRSS'), peak: mb('VmHWM') };
  } catch {
    return {};
  }
}
