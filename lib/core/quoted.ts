import { escapeUnprintable } from './unprintable.js';

/** A text from outside, such as a name, for a message: in quotes, without what a terminal would obey, and cut if it is long. */
export function quoted(text: string): string {
  return escapeUnprintable(JSON.stringify(shortened(text)));
}

/** As much of a text as can be read in a message. */
export function shortened(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}

const MOST = 100;
