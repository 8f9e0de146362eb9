import { Command } from 'commander';
import { EXIT } from '../../commands/context.js';
import type { CommandDefinition } from '../../commands/command-definition.js';
import { examples } from '../../commands/options.js';

const NOTES = `
Serves Temporal's remote codec protocol (/encode, /decode) with the keys of PAYLOAD_ENCRYPTION_KEYS, to whoever brings
CODEC_SERVER_TOKEN as a bearer token. It listens on loopback; put it behind TLS before others may reach it. The Web UI
asks it from the browser, so its origin must be in CODEC_SERVER_UI_ORIGIN. Runs until Ctrl-C.`;

export const codecServerCommand: CommandDefinition = (context, end) =>
  new Command('codec-server')
    .summary('decrypt payloads for the Web UI and the temporal command')
    .description('Serves decryption to the Temporal Web UI and to the temporal command.')
    .addHelpText('after', NOTES)
    .addHelpText(
      'after',
      examples(
        'vachan codec-server',
        'temporal workflow show -w ID --codec-endpoint http://127.0.0.1:8081 --codec-auth "Bearer $TOKEN"',
      ),
    )
    .action(async () => {
      const { serveCodec } = await import('../codec-server/serve-codec.js');
      await serveCodec(context);
      end(EXIT.ok);
    });
