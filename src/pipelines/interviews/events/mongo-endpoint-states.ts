import type { Collection } from 'mongodb';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { DisabledEndpoint, EndpointStates } from '../../../webhook/endpoint-states.js';

export interface EndpointDocument extends DisabledEndpoint {
  /** The endpoint's key. */
  _id: string;
}

/** The collection's name, beside the events' own. */
export function endpointsCollectionName(eventsCollection: string): string {
  return `${eventsCollection}_endpoints`;
}

/** Endpoints that were disabled; any other is in use. */
export function createMongoEndpointStates(collection: Collection<EndpointDocument>): EndpointStates {
  const name = collection.collectionName;
  return {
    disabled: (key) =>
      onMongo(`look up an endpoint in ${name}`, async () => {
        const found = await collection.findOne({ _id: key });
        return found === null ? undefined : { at: found.at, reason: found.reason };
      }),
    disable: (key, disabled) =>
      onMongo(`disable an endpoint in ${name}`, async () => {
        await collection.updateOne(
          { _id: key },
          { $set: { at: disabled.at, reason: disabled.reason } },
          { upsert: true, writeConcern: { w: 'majority' } },
        );
      }),
    enable: (key) =>
      onMongo(`enable an endpoint in ${name}`, async () => {
        const { deletedCount } = await collection.deleteOne(
          { _id: key },
          { writeConcern: { w: 'majority' } },
        );
        return deletedCount > 0;
      }),
  };
}
