import { RECORDINGS_SETTINGS } from '#vachan/pipelines/recordings/settings/index.js';
import { BASE_SETTINGS } from '#vachan/platform/config/base-settings.js';
import type { Setting } from '#vachan/platform/config/setting.js';

/** Between these two lines the README's table is written; the rest of the file is left as it is. */
export const TABLE_BEGIN = '<!-- settings: written by npm run docs:settings -->';
export const TABLE_END = '<!-- end of settings -->';

const settings = Object.entries<Setting<unknown>>({ ...BASE_SETTINGS, ...RECORDINGS_SETTINGS });

/** The README's configuration table: a Markdown row a setting, in the order of the settings. */
export function settingsTable(): string {
  const rows = settings.map(([name, { about, expects, default: preset, required, secret }]) => {
    const standard = required ? '**required**' : preset === undefined || preset === '' ? '' : `\`${preset}\``;
    const takes = secret ? `${expects}; a secret` : expects;
    return `| \`${name}\` | ${standard} | ${cell(takes)} | ${cell(about)} |`;
  });
  return ['| variable | default | takes | what it does |', '|---|---|---|---|', ...rows].join('\n');
}

/**
 * `readme` with its table replaced by the present one.
 *
 * @throws Error when the lines that enclose the table are missing
 */
export function withSettingsTable(readme: string): string {
  const begin = readme.indexOf(TABLE_BEGIN);
  const end = readme.indexOf(TABLE_END);
  if (begin < 0 || end < begin) {
    throw new Error(`The README must hold the lines ${TABLE_BEGIN} and ${TABLE_END}, in this order.`);
  }
  return `${readme.slice(0, begin + TABLE_BEGIN.length)}\n\n${settingsTable()}\n\n${readme.slice(end)}`;
}

/** The text of `.env.example`: every setting, out of force until its `#` is taken away. */
export function environmentExample(): string {
  const blocks = settings.map(([name, { about, expects, default: preset, required }]) =>
    [
      ...wrapped(`${about} Takes ${expects}.${required ? ' REQUIRED.' : ''}`),
      `#${name}=${preset ?? ''}`,
    ].join('\n'),
  );
  return `${[EXAMPLE_HEAD, ...blocks, TEMPORAL_SETTINGS].join('\n\n')}\n`;
}

const EXAMPLE_HEAD = `# Copy to .env and take the # away from what you set; what is commented out shows its default.
# Any variable NAME may come as NAME_FILE instead, holding the path of a file with the value (a mounted secret).
# Written by npm run docs:settings.`;

const TEMPORAL_SETTINGS = `# Temporal's own variables, read by its SDK: also TEMPORAL_TLS, TEMPORAL_TLS_CLIENT_CERT_PATH,
# TEMPORAL_TLS_CLIENT_KEY_PATH and TEMPORAL_PROFILE.
#TEMPORAL_ADDRESS=localhost:7233

#TEMPORAL_NAMESPACE=default

#TEMPORAL_API_KEY=`;

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

/** Widest comment line of `.env.example`. */
const COMMENT_WIDTH = 110;

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= COMMENT_WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(`# ${word}`);
  }
  return lines;
}
