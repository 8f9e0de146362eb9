import type { Setting } from '#vachan/platform/config/setting.js';
import { pick, together, type SettingsTable } from '#vachan/platform/config/settings-table.js';
import { MET_BY_ALL, type Section } from './sections.js';

/** Between these two lines of a document its tables are written; the rest is left as it is. */
export const TABLES_BEGIN = '<!-- settings: written by npm run docs:settings -->';
export const TABLES_END = '<!-- end of settings -->';

/** docs/configuration.md's tables: a heading for each section and group, a Markdown row a setting. */
export function allTables(sections: readonly Section[]): string {
  return sections
    .flatMap(({ title, groups }) => [
      `## ${title}`,
      ...Object.entries(groups).map(([about, settings]) => `### ${about}\n\n${tableOf(settings)}`),
    ])
    .join('\n\n');
}

/** The README's table: the settings that every user meets. */
export function shortTable(sections: readonly Section[]): string {
  const all = Object.assign({}, ...sections.map(({ groups }) => together(groups))) as SettingsTable;
  return tableOf(pick(all, ...MET_BY_ALL));
}

/**
 * `document` with its tables replaced by these.
 *
 * @throws Error when the lines that enclose them are missing
 */
export function withTables(document: string, tables: string): string {
  const begin = document.indexOf(TABLES_BEGIN);
  const end = document.indexOf(TABLES_END);
  if (begin < 0 || end < begin) {
    throw new Error(`The document must hold the lines ${TABLES_BEGIN} and ${TABLES_END}, in this order.`);
  }
  return `${document.slice(0, begin + TABLES_BEGIN.length)}\n\n${tables}\n\n${document.slice(end)}`;
}

function tableOf(settings: SettingsTable): string {
  const rows = Object.entries(settings).map(
    ([name, { about, expects, default: preset, required, secret }]) => {
      const standard = required
        ? '**required**'
        : preset === undefined || preset === ''
          ? ''
          : `\`${preset}\``;
      const takes = secret ? `${expects}; a secret` : expects;
      return `| \`${name}\` | ${standard} | ${cell(takes)} | ${cell(about)} |`;
    },
  );
  return ['| variable | default | takes | what it does |', '|---|---|---|---|', ...rows].join('\n');
}

/** The text of `.env.example`: every setting, out of force until its `#` is taken away. */
export function environmentExample(sections: readonly Section[]): string {
  const blocks = sections.flatMap(({ title, groups }) => [
    `# ${'-'.repeat(10)} ${title} ${'-'.repeat(10)}`,
    ...Object.entries(together(groups)).map(block),
  ]);
  return `${[EXAMPLE_HEAD, ...blocks, TEMPORALS_OWN].join('\n\n')}\n`;
}

function block([name, { about, expects, default: preset, required }]: [string, Setting<unknown>]): string {
  const text = `${about} Takes ${expects}.${required ? ' REQUIRED.' : ''}`;
  return [...wrapped(text), `#${name}=${preset ?? ''}`].join('\n');
}

const EXAMPLE_HEAD = `# Copy to .env and take the # away from what you set; what is commented out shows its default.
# Any variable NAME may come as NAME_FILE instead, holding the path of a file with the value (a mounted secret).
# Written by npm run docs:settings.`;

const TEMPORALS_OWN = `# Temporal's own variables, read by its SDK: also TEMPORAL_TLS, TEMPORAL_TLS_CLIENT_CERT_PATH,
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
