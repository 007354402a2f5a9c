import { describe, expect, it } from 'vitest';
import type { Sink, TextOutput } from '../../lib/cli/output/sink.js';

interface SinkCase {
  readonly create: (output: TextOutput) => Sink<{ readonly Id: string }>;
  /** The Ids in a text that was ended; throws where it was not. */
  readonly read: (text: string) => string[];
}

const RECORDS = [{ Id: 'a' }, { Id: 'b' }, { Id: 'c' }];

/** What every sink must do. */
export function describeSink(name: string, { create, read }: SinkCase): void {
  describe(`${name} as a sink`, () => {
    it('writes every record, in order, and the output is whole after the end', async () => {
      const { output, text } = collect();
      const sink = create(output);
      for (const record of RECORDS) await sink.write(record);
      await sink.end();
      expect(read(text())).toEqual(['a', 'b', 'c']);
    });

    it('is whole without any record', async () => {
      const { output, text } = collect();
      await create(output).end();
      expect(text()).toMatch(/\n$|^$/);
      expect(read(text())).toEqual([]);
    });

    it('hands each record on as it comes, in whole lines', async () => {
      const { output, text } = collect();
      const sink = create(output);
      for (const record of RECORDS) {
        await sink.write(record);
        expect(text()).toContain(record.Id);
        expect(text()).toMatch(/\n$/);
      }
    });

    it('passes on that the output wants it to wait, and its error', async () => {
      const full = new Error('full');
      const sink = create({ write: () => Promise.reject(full) });
      await expect(sink.write({ Id: 'a' })).rejects.toBe(full);
    });
  });
}

function collect(): { output: TextOutput; text: () => string } {
  let written = '';
  const output: TextOutput = {
    write(text) {
      written += text;
      return undefined;
    },
  };
  return { output, text: () => written };
}
