import { nearestName } from './nearest-name.js';

/** The end of a message about a name that is not known, with a space in front; empty if no known one is near. */
export function didYouMean(wrong: string, names: readonly string[]): string {
  const nearest = nearestName(wrong, names);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}
