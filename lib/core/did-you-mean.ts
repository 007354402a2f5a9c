import { nearestName } from './nearest-name.js';

/** The end of a message about an unknown name, beginning with a space; empty if no known name is similar. */
export function didYouMean(wrong: string, names: readonly string[]): string {
  const nearest = nearestName(wrong, names);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}
