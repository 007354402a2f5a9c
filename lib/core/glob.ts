/**
 * Compiles a pattern in which `*` matches any text and `?` any character; case is ignored. Unlike a regular expression,
 * matching takes at most pattern length times name length steps, however many stars there are.
 *
 * @example
 * const isAcme = glob('*@acme.com');
 */
export function glob(pattern: string): (name: string) => boolean {
  const { letters: wanted } = fold(pattern);
  return (name) => {
    const { letters, ends } = fold(name);
    let [at, next] = [0, 0];
    /** The last star, and where in the name its match currently ends. */
    let [star, starEnd] = [-1, 0];
    while (next < letters.length) {
      if (wanted[at] === '*') {
        star = at++;
        starEnd = next;
      } else if (wanted[at] === '?') {
        at++;
        next = ends[next] ?? letters.length;
      } else if (wanted[at] === letters[next]) {
        at++;
        next++;
      } else if (star >= 0) {
        at = star + 1;
        next = ++starEnd;
      } else {
        return false;
      }
    }
    while (wanted[at] === '*') at++;
    return at === wanted.length;
  };
}

/** A case-folded text, letter by letter. */
interface Folded {
  readonly letters: readonly string[];
  /** For each letter, the end of its character: é may be two letters, and ß always is. */
  readonly ends: readonly number[];
}

/** Folded character by character: in a whole string, a sigma at the end of a word would become another letter. */
function fold(text: string): Folded {
  // Anything else takes ten times as long.
  if (ASCII.test(text)) {
    const letters = text.toLowerCase().split('');
    return { letters, ends: letters.map((_, at) => at + 1) };
  }
  const letters: string[] = [];
  const ends: number[] = [];
  for (const [character] of text.normalize('NFC').matchAll(CHARACTER)) {
    for (const letter of caseless(character)) letters.push(letter);
    while (ends.length < letters.length) ends.push(letters.length);
  }
  return { letters, ends };
}

const ASCII = /^[\0-\x7f]*$/;

/** A code point with the marks that follow it; not all of them compose. */
const CHARACTER = /[\s\S]\p{M}*/gu;

/**
 * Folds to upper case, which σ and ς, ß, ẞ and ss share. The dot of İ is dropped, so that i, ı, I and İ are
 * one letter. ΐ has no upper case of one letter, so what comes back is composed again.
 */
function caseless(character: string): string {
  return character.toLowerCase().toUpperCase().toLowerCase().replace('i\u0307', 'i').normalize('NFC');
}
