import { Command } from 'commander';
import { loadSettings } from '../../platform/config/load-settings.js';
import { ConfigurationError } from '../../platform/errors.js';
import { EXIT } from '../../commands/context.js';
import type { CommandDefinition } from '../../commands/command-definition.js';
import { examples } from '../../commands/options.js';
import { BASE_SETTINGS } from '../../platform/config/base-settings.js';
import { pick } from '../../platform/config/settings-table.js';

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
      const settings = loadSettings(
        context.readEnvironment(),
        pick(
          BASE_SETTINGS,
          'LOG_LEVEL',
          'PAYLOAD_ENCRYPTION_KEYS',
          'CODEC_SERVER_HOST',
          'CODEC_SERVER_PORT',
          'CODEC_SERVER_TOKEN',
          'CODEC_SERVER_UI_ORIGIN',
        ),
      );
      const { PAYLOAD_ENCRYPTION_KEYS: keys, CODEC_SERVER_TOKEN: token } = settings;
      if (keys === undefined) throw missing('PAYLOAD_ENCRYPTION_KEYS');
      if (token === undefined) throw missing('CODEC_SERVER_TOKEN');
      const { createLogger } = await import('../../platform/logging/logger.js');
      const { startCodecServer } = await import('../../temporal/codec-server/start-codec-server.js');
      const { createEncryptionCodec } = await import('../../temporal/encryption/encryption-codec.js');
      const log = createLogger({ level: settings.LOG_LEVEL, base: { service: 'vachan-codec-server' } });
      const interrupted = new Promise<void>((resolve) => context.onInterrupt(resolve));
      const server = await startCodecServer({
        host: settings.CODEC_SERVER_HOST,
        port: settings.CODEC_SERVER_PORT,
        token,
        uiOrigin: settings.CODEC_SERVER_UI_ORIGIN,
        codec: createEncryptionCodec(keys),
        log,
      });
      log.info('codec_server_started', { url: server.url, key_ids: keys.ids });
      await interrupted;
      await server.close();
      end(EXIT.ok);
    });

const missing = (name: string): ConfigurationError =>
  new ConfigurationError(`${name} is not set; the codec server needs it.`);
