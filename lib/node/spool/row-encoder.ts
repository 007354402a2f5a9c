import { toTypedJson } from '../../core/typed-json.js';
import { escapeUnprintable } from '../../core/unprintable.js';
import { RowTypesRuns } from './row-types.js';
import { typesLine } from './spool-lines.js';

/** Writes rows as the lines of a spool, into a buffer that all spools of the process use, one after the other. */
export class RowEncoder {
  readonly #types = new RowTypesRuns();
  #buffer: Buffer = NONE;
  #used = 0;

  /** The line of their types and the lines of the rows. The bytes are valid until `release`. */
  encode(rows: readonly unknown[]): Buffer {
    this.#buffer = spare.pop() ?? Buffer.allocUnsafe(FIRST_BYTES);
    this.#used = 0;
    const values = rows.map((row) => {
      const typed = toTypedJson(row);
      this.#types.add(typed);
      return typed.json;
    });
    this.#write(typesLine(this.#types.take()));
    let text = '';
    for (const json of values) {
      text += `${JSON.stringify(json) ?? 'null'}\n`;
      if (text.length < ENOUGH) continue;
      this.#add(text);
      text = '';
    }
    this.#add(text);
    return this.#buffer.subarray(0, this.#used);
  }

  /** The same lines, with another one at the end. */
  end(line: string): Buffer {
    this.#write(line);
    return this.#buffer.subarray(0, this.#used);
  }

  /** Leaves the buffer to others: a process with hundreds of spools writes to few of them at a time. */
  release(): void {
    const isKept = this.#buffer !== NONE && this.#buffer.length <= MOST_BYTES;
    if (isKept && spare.length < MOST_SPARE) spare.push(this.#buffer);
    this.#buffer = NONE;
  }

  #add(lines: string): void {
    const start = this.#used;
    this.#write(lines);
    // One byte for each character is ASCII, of which JSON.stringify leaves a single one that a terminal obeys.
    if (this.#used - start !== lines.length || lines.includes('\u007f')) {
      this.#used = start;
      this.#write(lines.split('\n').map(escapeUnprintable).join('\n'));
    }
  }

  #write(text: string): void {
    // A UTF-16 unit is at most three bytes of UTF-8.
    const needed = this.#used + text.length * 3 + 1;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.#used);
      this.#buffer = larger;
    }
    this.#used += this.#buffer.write(text, this.#used);
  }
}

const NONE = Buffer.alloc(0);
/** Buffers that no spool writes from. */
const spare: Buffer[] = [];
const MOST_SPARE = 4;
const FIRST_BYTES = 262_144;

/** Characters that are written at once: more lines are fewer calls, and more to look at if one of them is not ASCII. */
const ENOUGH = 4_096;

/** A batch of huge rows does not keep its memory. */
const MOST_BYTES = 8 * 1_048_576;
