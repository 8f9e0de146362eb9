import type { DisabledEndpoint, EndpointStates } from '../../../webhook/endpoint-states.js';
import type { ExportState } from '../state/job-state.js';
import { endpointKey } from '../state/keys.js';

/** Endpoints that were disabled, each an object in S3; any other is in use. */
export function createEndpointObjects({ objects, prefix }: ExportState): EndpointStates {
  const disabled = async (key: string): Promise<DisabledEndpoint | undefined> => {
    const text = await objects.read(endpointKey(prefix, key));
    if (text === undefined) return undefined;
    const { at, reason } = JSON.parse(text) as { at: string; reason: string };
    return { at: new Date(at), reason };
  };
  return {
    disabled,
    disable: (key, why) => objects.write(endpointKey(prefix, key), JSON.stringify(why)),
    enable: async (key) => {
      const wasDisabled = (await disabled(key)) !== undefined;
      await objects.delete(endpointKey(prefix, key));
      return wasDisabled;
    },
  };
}
