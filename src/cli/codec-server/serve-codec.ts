import type { CliContext } from '../../commands/context.js';
import { BASE_SETTINGS } from '../../platform/config/base-settings.js';
import { loadSettings } from '../../platform/config/load-settings.js';
import { pick } from '../../platform/config/settings-table.js';
import { ConfigurationError } from '../../platform/errors.js';
import { createLogger } from '../../platform/logging/logger.js';
import { startCodecServer } from '../../temporal/codec-server/start-codec-server.js';
import { createEncryptionCodec } from '../../temporal/encryption/encryption-codec.js';

/** Serves until Ctrl-C. @throws ConfigurationError where there is nothing to serve with */
export async function serveCodec(context: CliContext): Promise<void> {
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
}

const missing = (name: string): ConfigurationError =>
  new ConfigurationError(`${name} is not set; the codec server needs it.`);
