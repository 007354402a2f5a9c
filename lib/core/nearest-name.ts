/** The name that a mistyped one most likely means; undefined if none is near. Case is ignored. */
export function nearestName(wrong: string, names: readonly string[]): string | undefined {
  // The comparison takes time in proportion to the length of both.
  if (wrong.length > LONGEST_NAME) return undefined;
  const [best] = names
    .map((name) => ({ name, distance: distanceOf(wrong.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, name.length * 0.4) && distance < name.length)
    .sort((a, b) => a.distance - b.distance);
  if (best) return best.name;
  // A part of a long name: `Modified` for `LastModifiedTime`.
  if (wrong.length < 4) return undefined;
  return names.find((name) => name.toLowerCase().includes(wrong.toLowerCase()));
}

/** Longer than any operation, field or option. */
const LONGEST_NAME = 200;

/** How many letters must be inserted, removed or replaced (Levenshtein). */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
