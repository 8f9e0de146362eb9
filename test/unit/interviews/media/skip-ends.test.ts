import type { PictureDecoder } from '../../../../src/pipelines/interviews/media/decode/picture-decoder.js';
import { skipEnds } from '../../../../src/pipelines/interviews/media/decode/skip-ends.js';
import type { MediumStream } from '../../../../src/pipelines/interviews/media/input/open-medium.js';
import type { NativePacket } from '../../../../src/platform/node-av/api.js';

const medium = { stream: { timeBase: { num: 1, den: 10 } } } as MediumStream;

/** Times in tenths of a second; whole seconds are samples. @returns what was decoded, and how many copies were kept for ever */
async function decoded(packets: readonly { time: number; isKeyframe?: boolean; size?: number }[]) {
  const seen: (number | 'restart')[] = [];
  let [lastWindow, copies] = [-1, 0];
  const packetOf = ({ time, isKeyframe = false, size = 1 }: (typeof packets)[number]): NativePacket => {
    const packet = { pts: BigInt(time), isKeyframe, size, free: () => copies-- } as unknown as NativePacket;
    packet.clone = () => {
      copies++;
      return packet;
    };
    return packet;
  };
  const decoder = {
    push: ({ pts }: NativePacket) => {
      seen.push(Number(pts));
      lastWindow = Math.max(lastWindow, Math.floor(Number(pts) / 10));
      return Promise.resolve();
    },
    get lastWindow() {
      return lastWindow;
    },
    restart: () => seen.push('restart'),
    finish: () => Promise.resolve(),
    free: () => undefined,
  } as unknown as PictureDecoder;
  const skipping = skipEnds(decoder, medium, 1);
  for (const packet of packets) await skipping.push(packetOf(packet));
  await skipping.finish();
  skipping.free();
  return { seen, copies };
}

const key = (time: number) => ({ time, isKeyframe: true });
const at = (...times: number[]) => times.map((time) => ({ time }));

test('packets between a sample and a keyframe before the next one are not decoded', async () => {
  const packets = [key(0), ...at(3, 6), key(9), ...at(12, 15)];
  await expect(decoded(packets)).resolves.toEqual({ seen: [0, 'restart', 9, 12], copies: 0 });
});

test('packets are decoded in their order when the next sample needs them', async () => {
  const packets = [key(0), ...at(6, 3, 9, 12, 15), key(21)];
  await expect(decoded(packets)).resolves.toEqual({ seen: [0, 6, 3, 9, 12, 15, 21], copies: 0 });
});

test('a keyframe behind the next sample may be predicted from what waits', async () => {
  const packets = [key(0), ...at(3, 6), key(11)];
  await expect(decoded(packets)).resolves.toEqual({ seen: [0, 3, 6, 11], copies: 0 });
});

test('no more waits than there is room for', async () => {
  const many = at(...Array.from({ length: 301 }, () => 5));
  expect((await decoded([key(0), ...many])).seen).toHaveLength(302);
  const large = { time: 5, size: 9 * 1024 * 1024 };
  expect((await decoded([key(0), large])).seen).toEqual([0, 5]);
});
