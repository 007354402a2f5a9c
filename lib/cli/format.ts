import { escapeUnprintable, UNPRINTABLE } from '../core/unprintable.js';

/** `12,000`. */
export function formatNumber(number: number): string {
  return number.toLocaleString('en');
}

/** `1 page`, `12,000 users`. */
export function formatCount(count: number, unit: string): string {
  return `${formatNumber(count)} ${count === 1 ? unit : plural(unit)}`;
}

/** `users`, `agent statuses`, `user proficiencies`. */
export function plural(unit: string): string {
  if (/data$/.test(unit)) return unit;
  if (/[^aeiou]y$/.test(unit)) return unit.replace(/y$/, 'ies');
  return /(s|x|ch|sh)$/.test(unit) ? `${unit}es` : `${unit}s`;
}

/** `user`, `status`, `proficiency`; a word that is not a plural stays. */
export function singular(word: string): string {
  if (/ies$/.test(word)) return word.replace(/ies$/, 'y');
  if (/(us|ss|ias|x|ch|sh)es$/.test(word)) return word.replace(/es$/, '');
  return word.replace(/(?<!s|u)s$/, '');
}

/** `4.1 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatDuration(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Replaces characters that a terminal would obey or that break a row: names are untrusted. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd');
}

/**
 * Cuts out the middle of a message that an argument or the answer of a service has made too long: the beginning says what
 * happened, and the end what to do.
 */
export function bounded(message: string, most = MOST_CHARACTERS): string {
  if (message.length <= most) return message;
  const half = Math.floor(most / 2);
  return `${message.slice(0, half)} … ${message.slice(-half)}`;
}

/** Twice the longest list of columns, that of SearchMetrics, with the words around it. */
const MOST_CHARACTERS = 1000;

/** A value as JSON without characters that a terminal would obey. */
export function toPrintableJson(value: unknown): string {
  return escapeUnprintable(JSON.stringify(value));
}

/** `Id, Name and Arn`. */
export function formatList(words: readonly string[]): string {
  const others = words.slice(0, -1).join(', ');
  return others === '' ? words.join('') : `${others} and ${words.at(-1)}`;
}
