import { nearestName } from '../../core/nearest-name.js';

/** The known option that a mistyped one most likely means, such as `--out` for `--outfile`. */
export function nearestOption(wrong: string, known: readonly string[]): string | undefined {
  const [name = ''] = wrong.split('=');
  // Two dashes are a part of every one.
  const bare = known.map((option) => option.replace(/^--/, ''));
  const nearest = nearestOf(name.replace(/^-+/, ''), bare);
  return nearest === undefined ? undefined : `--${nearest}`;
}

function nearestOf(wrong: string, known: readonly string[]): string | undefined {
  const nearest = nearestName(wrong, known);
  // The beginning of a word is rarely mistyped: `--outfile` is nearer to `--profile`, but means `--out`.
  if (nearest?.slice(0, SAME) === wrong.slice(0, SAME)) return nearest;
  const beginnings = known.filter((name) => wrong.startsWith(name));
  const [longest] = beginnings.sort((a, b) => b.length - a.length);
  const continued = known.filter((name) => wrong !== '' && name.startsWith(wrong));
  return longest ?? (continued.length === 1 ? continued[0] : nearest);
}

/** Letters that `out` and `output` have in common. */
const SAME = 3;
