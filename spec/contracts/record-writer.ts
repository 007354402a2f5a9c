import { describe, expect, it } from 'vitest';
import type { RecordWriter, TextOutput } from '../../lib/cli/output/record-writer.js';

interface WriterCase {
  readonly create: (output: TextOutput) => RecordWriter<{ readonly Id: string }>;
  /** The Ids in a complete text; throws if the text is incomplete. */
  readonly read: (text: string) => string[];
}

const RECORDS = [{ Id: 'a' }, { Id: 'b' }, { Id: 'c' }];

/** The contract of every record writer. */
export function describeRecordWriter(name: string, { create, read }: WriterCase): void {
  describe(`the ${name} writer`, () => {
    it(`the ${name} output holds every record in order once it is ended`, async () => {
      const { output, text } = collect();
      const writer = create(output);
      for (const record of RECORDS) await writer.write(record);
      await writer.end();
      expect(read(text())).toEqual(['a', 'b', 'c']);
    });

    it(`the ${name} output is complete without any record`, async () => {
      const { output, text } = collect();
      await create(output).end();
      expect(text()).toMatch(/\n$|^$/);
      expect(read(text())).toEqual([]);
    });

    it(`the ${name} writer writes each record at once, in whole lines`, async () => {
      const { output, text } = collect();
      const writer = create(output);
      for (const record of RECORDS) {
        await writer.write(record);
        expect(text()).toContain(record.Id);
        expect(text()).toMatch(/\n$/);
      }
    });

    it(`the ${name} writer passes on the output's back-pressure and errors`, async () => {
      const full = new Error('full');
      const writer = create({ write: () => Promise.reject(full) });
      await expect(writer.write({ Id: 'a' })).rejects.toBe(full);
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
