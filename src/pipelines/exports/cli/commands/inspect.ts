import { Argument, Command } from 'commander';
import { EXIT } from '../../../../commands/context.js';
import { examples } from '../../../../commands/options.js';
import type { ExportsCommand } from '../context.js';

export const inspectCommand: ExportsCommand = (context, end) =>
  new Command('inspect')
    .summary('what the reader says of an archive; no servers needed')
    .description(
      'Reads a ZIP archive as a worker does, and says of each entry whether it would be taken, without metadata or uploads. Takes a file, or an http(s) URL whose server has ranges.',
    )
    .addArgument(new Argument('<file_or_url>', 'path of an archive, or its URL'))
    .option('--json', 'print {file, reason?, entries} as one JSON line')
    .addHelpText(
      'after',
      `\nExit code: ${EXIT.ok} every entry is in order, ${EXIT.failed} the file or an entry is refused, ${EXIT.misused} there is no file to read.`,
    )
    .addHelpText(
      'after',
      examples('vachan exports inspect some.zip', 'vachan exports inspect some.zip --json | jq .entries'),
    )
    .action(async (target: string, options: { json?: boolean }) => {
      const { showArchive } = await import('../show-archive.js');
      end(await showArchive(context, target, options));
    });
