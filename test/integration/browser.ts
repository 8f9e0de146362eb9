import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import puppeteer, { type Browser } from 'puppeteer-core';
import { cacheFolder } from '../../tools/stack/folders.js';

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

interface Found {
  path: string;
  env: Record<string, string>;
}

/** CHROMIUM_PATH, one that is installed, or, on Linux x64, the one that npm carries. */
export function findBrowser(): Found {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined && given !== '') return { path: given, env: {} };
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const installed = [
    ...folders.flatMap((folder) => SYSTEM_NAMES.map((name) => join(folder, name))),
    MAC_CHROME,
  ];
  const path = installed.find((candidate) => existsSync(candidate));
  return path === undefined ? unpackBrowser() : { path, env: {} };
}

/** `@sparticuz/chromium` carries the browser and the three libraries that a bare Linux lacks, compressed. */
export function unpackBrowser(): Found {
  const entry = require.resolve('@sparticuz/chromium');
  const bin = join(dirname(entry), '..', '..', 'bin');
  const { version } = JSON.parse(readFileSync(join(bin, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('Set CHROMIUM_PATH to a Chromium: npm carries one for Linux x64 only.');
  }
  const folder = join(cacheFolder(process.env), `chromium-${version}`);
  const path = join(folder, 'chromium');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const inflate = (name: string): Buffer => brotliDecompressSync(readFileSync(join(bin, name)));
    execFileSync('tar', ['-x', '-C', folder], { input: inflate('al2023.tar.br') });
    // Whole or not at all, also for a run beside this one.
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, inflate('chromium.br'), { mode: 0o755 });
    renameSync(unfinished, path);
  }
  const libraries = [join(folder, 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  return { path, env: { LD_LIBRARY_PATH: libraries } };
}

/** A Chromium of its own, with the machine's fonts or those that a fontconfig file names; close it in `afterAll`. */
export function startBrowser(
  { path, env, fontconfig }: Found & { fontconfig?: string } = findBrowser(),
): Promise<Browser> {
  return puppeteer.launch({
    executablePath: path,
    env: { ...process.env, ...env, ...(fontconfig !== undefined && { FONTCONFIG_FILE: fontconfig }) },
    headless: path.includes('chromium-') ? 'shell' : true,
    // Containers and CI machines have neither user namespaces for its sandbox nor much shared memory; it shows our pages only.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}
