import {
  findVersityGateway,
  startVersityGateway as start,
  VERSITY_VERSION,
} from '../../../../tools/stack/versity-gateway.js';
import type { ObjectServer } from './object-server.js';

const CREDENTIALS = { accessKeyId: 'versity', secretAccessKey: 'versity-secret' };
const REGION = 'us-east-1';

const found = findVersityGateway(process.env);
if (found.path === undefined)
  console.warn(`versitygw ${VERSITY_VERSION} is not tested against: ${found.why}`);

/** Whether the server can be had here. */
export const hasVersityGateway = found.path !== undefined;

/** @param folder for its objects and its log */
export async function startVersityGateway(folder: string): Promise<ObjectServer> {
  if (found.path === undefined) throw new Error(`versitygw is not there: ${found.why}`);
  const connection = { region: REGION, ...CREDENTIALS };
  const { endpointUrl, stop } = await start({
    ...{ path: found.path, environment: process.env, folder, connection },
  });
  return {
    ...{ name: 'versitygw', endpointUrl, region: REGION, credentials: CREDENTIALS, stop },
    keepsWholeChecksums: true,
  };
}
