import { near } from '../arrange/draft.js';

/** A Service as it is called in the settings of another. */
export function called(key: string, own: string): string {
  return near(key, own.slice(0, own.indexOf('/')));
}
