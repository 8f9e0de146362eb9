// Features of recordings, by the engine that will score them: node extract.cjs FOLDER computes NAME.f64 (float64, in the order of
// FEATURE_NAMES) for each NAME.f32 (float32 samples at 22,050 Hz) that has none yet. Ten times as fast as features.py, whose
// values the golden tests hold it to. Needs `npm run build`.
const { existsSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { extractFeatures } = require('../../../dist/pipelines/recordings/audio/features/extract-features.js');

const folder = process.argv[2];
for (const name of readdirSync(folder).filter((file) => file.endsWith('.f32'))) {
  const target = join(folder, name.replace(/f32$/, 'f64'));
  if (existsSync(target)) continue;
  const bytes = readFileSync(join(folder, name));
  const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  writeFileSync(target, new Uint8Array(extractFeatures(samples).buffer));
}
