import type { VideoFacts } from '../../contract/media-facts.js';
import { kernelRoom, LONGEST_SIDE, PICTURE_ROOM } from '../../models/picture/kernel/picture-kernel.js';
import type { Picture } from '../../models/picture/picture.js';
import type { NativeFrame, NativeScaleContext, NodeAv } from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';

/** Makes upright RGB pictures of frames. */
export interface PictureScaler {
  /** The picture is valid until the next one. @returns undefined when FFmpeg cannot convert such a frame */
  toPicture(frame: NativeFrame): Picture | undefined;
  free(): void;
}

/**
 * All pictures are scaled and turned in the kernel's memory, where they are measured: of megabytes that are new each time, V8 sees too
 * little to collect them in time. FFmpeg's vector code may write a few bytes behind the last row.
 */
const scaledRoom = kernelRoom(PICTURE_ROOM);
const turnedRoom = kernelRoom(PICTURE_ROOM);
const BILINEAR = 2;

export function createPictureScaler(nodeAv: NodeAv, rotation: VideoFacts['rotation']): PictureScaler {
  let context: NativeScaleContext | undefined;
  let kind = '';
  let [width, height] = [0, 0];

  const prepare = (frame: NativeFrame): NativeScaleContext => {
    const wanted = `${frame.width} ${frame.height} ${frame.format}`;
    // Streams change their size in the middle of a call.
    if (wanted === kind && context !== undefined) return context;
    context?.freeContext();
    const scale = Math.min(1, LONGEST_SIDE / Math.max(frame.width, frame.height));
    width = Math.max(1, Math.round(frame.width * scale));
    height = Math.max(1, Math.round(frame.height * scale));
    context = new nodeAv.SoftwareScaleContext();
    context.getContext(frame.width, frame.height, frame.format, width, height, AV.pixelFormatRgb24, BILINEAR);
    kind = wanted;
    return context;
  };
  return {
    toPicture(frame) {
      const scaler = prepare(frame);
      const planes = frame.data;
      if (planes === null) return undefined;
      const rgb = scaledRoom.bytes(width * height * 3);
      const target = Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength);
      const rows = scaler.scaleSync(planes, frame.linesize, 0, frame.height, [target], [width * 3]);
      if (rows !== height) return undefined;
      return turned({ width, height, rgb }, rotation, () => turnedRoom.bytes(rgb.length));
    },
    free: () => context?.freeContext(),
  };
}

/** Turns a picture clockwise. @param room of as many bytes as the picture has */
export function turned(
  picture: Picture,
  rotation: VideoFacts['rotation'],
  room = (): Uint8Array => new Uint8Array(picture.rgb.length),
): Picture {
  if (rotation === 0) return picture;
  const { width, height, rgb } = picture;
  const across = rotation === 180 ? width : height;
  const down = rotation === 180 ? height : width;
  const result = room();
  // Where the pixel of the result's corner comes from, and the steps from there along its rows and columns.
  const [corner, right, below] = {
    90: [(height - 1) * width, -width, 1],
    180: [height * width - 1, -1, -width],
    270: [width - 1, width, -1],
  }[rotation] as [number, number, number];
  let to = 0;
  for (let row = 0; row < down; row++) {
    let from = (corner + row * below) * 3;
    for (let column = 0; column < across; column++, from += right * 3) {
      result[to++] = rgb[from]!;
      result[to++] = rgb[from + 1]!;
      result[to++] = rgb[from + 2]!;
    }
  }
  return { width: across, height: down, rgb: result };
}
