import { parseLocation, type LocationRules, type ObjectLocation } from '../../../objects/location.js';
import { toAudioError } from './object-errors.js';

/**
 * Reads `audio_s3_url`, as `parseLocation` reads any object's address.
 *
 * @throws AudioLocationRefused
 */
export function parseAudioLocation(address: string, rules: LocationRules): ObjectLocation {
  try {
    return parseLocation(address, rules);
  } catch (error) {
    throw toAudioError(error);
  }
}
