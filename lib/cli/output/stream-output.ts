import type { Format } from '../../destinations/formats/format.js';
import type { Rows } from '../formats/map-rows.js';
import type { Interruption } from '../interruption.js';
import type { ByteSink } from './byte-sink.js';
import { FormatWriter } from './format-writer.js';
import type { RowOutput } from './open-whole-file.js';

/** A sink that rows are written to as they come, in whole lines. */
export function streamOutput(sink: ByteSink, format: Format<unknown>, interruption: Interruption): RowOutput {
  return {
    async publish(chunks: Rows<unknown>) {
      const writer = new FormatWriter(sink, format);
      for await (const rows of chunks) {
        interruption.throwIfRequested();
        await interruption.deferUntil(writer.write(rows));
      }
      interruption.throwIfRequested();
      await writer.end();
    },
    close: sink.close,
  };
}
