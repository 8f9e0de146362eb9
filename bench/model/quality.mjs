// What training measured, read from where it wrote it; nothing is trained or scored here.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CARD_BLOCK = /<!-- results[^>]*-->\s*([\s\S]*?)\s*<!-- end of results -->/;
const INDEPENDENT_BLOCK =
  /<!-- independent results[^>]*-->\s*([\s\S]*?)\s*<!-- end of independent results -->/;
const KEPT_BACK_BLOCK = /<!-- kept back results[^>]*-->\s*([\s\S]*?)\s*<!-- end of kept back results -->/;

/**
 * @param folder a model's
 * @returns `{source, text, results}`: tables for people, and the same for programs: `results.json` as training wrote it, else the
 * rows of the tables in the model's card
 */
export function readQuality(folder) {
  const json = join(folder, 'results.json');
  const card = join(folder, 'README.md');
  const written = existsSync(card) ? readFileSync(card, 'utf8') : '';
  const block = CARD_BLOCK.exec(written)?.[1];
  const independent = INDEPENDENT_BLOCK.exec(written)?.[1];
  const keptBack = KEPT_BACK_BLOCK.exec(written)?.[1];
  const text =
    (block ?? 'No results in its card.') +
    (independent ? `\n\nOn recordings made independently of the training:\n\n${independent}` : '') +
    (keptBack ? `\n\nOn voices kept back:\n\n${keptBack}` : '');
  if (existsSync(json)) {
    return { source: 'results.json and its card', text, results: JSON.parse(readFileSync(json, 'utf8')) };
  }
  return { source: 'its card', text, results: block === undefined ? [] : tablesOf(block) };
}

/** Rows of every Markdown table, by their columns' titles. */
function tablesOf(markdown) {
  const tables = [];
  let titles;
  for (const line of markdown.split('\n')) {
    const cells = /^\|(.*)\|$/
      .exec(line)?.[1]
      .split('|')
      .map((cell) => cell.trim());
    if (cells === undefined) titles = undefined;
    else if (titles === undefined) {
      titles = cells;
      tables.push([]);
    } else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) {
      tables.at(-1).push(Object.fromEntries(titles.map((title, column) => [title, cells[column]])));
    }
  }
  return tables;
}
