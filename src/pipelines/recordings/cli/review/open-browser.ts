import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../../../platform/config/environment.js';
import { html } from '../../../../platform/page/html.js';

/** What a browser needs to find its window, its profile and its language; this process's secrets are none of it. */
const NEEDED =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_.*|TZ|BROWSER|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_.*|DBUS_SESSION_BUS_ADDRESS|DESKTOP_SESSION)$/;

/**
 * Opens an address in the person's browser, where there is a screen. Everybody on a machine sees the arguments of its programs, so the browser is
 * given a file of its owner's that leads there. That it cannot be opened is no failure: the address was printed.
 *
 * @param folder that only this user reads
 */
export async function openBrowser(
  url: string,
  folder: string,
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  const { DISPLAY, WAYLAND_DISPLAY } = environment;
  if (platform !== 'darwin' && !DISPLAY && !WAYLAND_DISPLAY) return;
  const path = join(folder, 'review.html');
  const page = html`<meta http-equiv="refresh" content="0; url=${url}" /><a href="${url}">The review</a>`;
  await writeFile(path, `<!doctype html>\n${page.text}\n`, { mode: 0o600 });
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => NEEDED.test(name)));
  const opener = spawn(platform === 'darwin' ? 'open' : 'xdg-open', [path], {
    env,
    detached: true,
    stdio: 'ignore',
  });
  opener.on('error', () => undefined);
  opener.unref();
}
