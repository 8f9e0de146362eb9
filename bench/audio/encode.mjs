// Encodes mono samples with npm node-av, low level, since it is there wherever clips can be decoded without ffmpeg.
const SAMPLE_FORMAT = { s16: 1, flt: 3, fltp: 8 };
const FORMAT_OF_CODEC = { pcm_s16le: 's16', libmp3lame: 'fltp', aac: 'fltp', libopus: 'flt' };
const LAYOUTS = {
  1: { nbChannels: 1, order: 1, mask: 4n },
  2: { nbChannels: 2, order: 1, mask: 3n },
};
/** Samples of a frame for codecs that take any number. */
const FREE_FRAME_SAMPLES = 1_024;
/** A container that wants its codec's header outside the stream (AVFMT_GLOBALHEADER, AV_CODEC_FLAG_GLOBAL_HEADER). */
const GLOBAL_HEADER = 1 << 22;

/** @returns false where node-av is not installed */
export async function encodeWithNodeAv(samples, rate, format, path) {
  let av;
  try {
    av = await import('node-av/lib');
  } catch {
    return false;
  }
  const channels = resampled(av, samples, rate, format);
  const container = new av.FormatContext();
  const codec = new av.CodecContext();
  const packet = new av.Packet();
  packet.alloc();
  const must = (code, what) => {
    if (code < 0) throw new Error(`${what} of ${path} failed: ${av.FFmpegError.strerror(code)}`);
  };
  must(container.allocOutputContext2(null, format.extension === 'm4a' ? 'mp4' : null, path), 'opening');
  const encoder = av.Codec.findEncoderByName(format.codec);
  codec.allocContext3(encoder);
  const sampleFormat = SAMPLE_FORMAT[FORMAT_OF_CODEC[format.codec]];
  codec.sampleFormat = sampleFormat;
  codec.sampleRate = format.rate;
  codec.channelLayout = LAYOUTS[format.channels];
  codec.timeBase = { num: 1, den: format.rate };
  if (format.bitRate > 0) codec.bitRate = BigInt(format.bitRate);
  if (format.extension === 'm4a') codec.setFlags(GLOBAL_HEADER);
  must(codec.open2Sync(encoder, null), 'the encoder');
  const stream = container.newStream(null);
  stream.timeBase = { num: 1, den: format.rate };
  must(codec.parametersFromContext(stream.codecpar), 'the header');
  must(container.openOutputSync(), 'opening');
  must(container.writeHeaderSync(null), 'the header');
  const drain = () => {
    while (codec.receivePacketSync(packet) >= 0) {
      packet.streamIndex = stream.index;
      packet.rescaleTs({ num: 1, den: format.rate }, stream.timeBase);
      must(container.interleavedWriteFrameSync(packet), 'writing');
      packet.unref();
    }
  };
  const frameSize = codec.frameSize > 0 ? codec.frameSize : FREE_FRAME_SAMPLES;
  for (let at = 0; at < channels[0].length; at += frameSize) {
    const parts = channels.map((channel) => channel.subarray(at, at + frameSize));
    const frame = av.Frame.fromAudioBuffer(bytesOf(parts, FORMAT_OF_CODEC[format.codec]), {
      nbSamples: parts[0].length,
      format: sampleFormat,
      sampleRate: format.rate,
      channelLayout: LAYOUTS[format.channels],
      timeBase: { num: 1, den: format.rate },
    });
    frame.pts = BigInt(at);
    must(codec.sendFrameSync(frame), 'encoding');
    frame.free();
    drain();
  }
  must(codec.sendFrameSync(null), 'encoding');
  drain();
  must(container.writeTrailerSync(), 'the trailer');
  container.closeOutputSync();
  container.freeContext();
  codec.freeContext();
  packet.free();
  return true;
}

/** One array a channel at the codec's rate; a second channel is a little quieter, as two microphones are. */
function resampled(av, samples, rate, format) {
  const context = new av.SoftwareResampleContext();
  context.allocSetOpts2(LAYOUTS[1], SAMPLE_FORMAT.flt, format.rate, LAYOUTS[1], SAMPLE_FORMAT.flt, rate);
  context.init();
  const count = Math.floor((samples.length * format.rate) / rate);
  const mono = new Float32Array(count);
  const written = context.convertSync(
    [Buffer.from(mono.buffer)],
    count,
    [Buffer.from(samples.buffer)],
    samples.length,
  );
  context.convertSync([Buffer.from(mono.buffer, written * 4)], count - written, null, 0);
  context.free();
  return Array.from({ length: format.channels }, (_, channel) =>
    channel === 0 ? mono : mono.map((value) => 0.9 * value),
  );
}

function bytesOf(channels, sampleFormat) {
  if (sampleFormat === 's16') {
    return Buffer.from(
      Int16Array.from(channels[0], (value) => Math.max(-32_768, Math.min(32_767, value * 32_768))).buffer,
    );
  }
  return Buffer.concat(
    channels.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
}
