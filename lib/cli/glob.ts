/**
 * Compiles a pattern in which `*` matches any text and `?` any character; case is ignored. Unlike a regular expression,
 * matching takes at most pattern length times name length steps, however many stars there are.
 *
 * @example
 * const isAcme = glob('*@acme.com');
 */
export function glob(pattern: string): (name: string) => boolean {
  const wanted = charactersOf(pattern);
  return (name) => {
    const characters = charactersOf(name);
    let [at, next] = [0, 0];
    /** The last star, and where in the name its match currently ends. */
    let [star, starEnd] = [-1, 0];
    while (next < characters.length) {
      if (wanted[at] === '*') {
        star = at++;
        starEnd = next;
      } else if (wanted[at] === '?' || wanted[at] === characters[next]) {
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

/** Counts é as one character, whether it is one code point or a letter plus an accent. */
function charactersOf(text: string): string[] {
  return [...text.normalize('NFC').toLowerCase()];
}
