import { basename, relative } from 'node:path';

/** The command line that was run, as it can be pasted into a POSIX shell. */
export function shellCommand([, script = 'pageturn', ...args]: readonly string[]): string {
  const program =
    basename(script) === 'pageturn' ? ['pageturn'] : ['node', relative(process.cwd(), script) || script];
  return [...program, ...args].map(quote).join(' ');
}

function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
