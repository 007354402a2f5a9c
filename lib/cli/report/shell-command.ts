import { basename, relative } from 'node:path';
import { printable } from '../format.js';

/** The command that was run, quoted for a POSIX shell. */
export function shellCommand([, script = 'pageturn', ...args]: readonly string[]): string {
  const program =
    basename(script) === 'pageturn' ? ['pageturn'] : ['node', relative(process.cwd(), script) || script];
  return [...program, ...args].map(shellQuote).join(' ');
}

/** A word as a POSIX shell reads it. */
export function shellQuote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (printable(word) !== word) return spelt(word);
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A word that a terminal cannot show, in octal escapes for the shell (POSIX `printf`). */
function spelt(word: string): string {
  const bytes = [...Buffer.from(word)].map((byte) => {
    const sign = String.fromCharCode(byte);
    return /[\w./-]/.test(sign) ? sign : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"$(printf '${bytes.join('')}')"`;
}
