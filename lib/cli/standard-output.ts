import { CliError } from './cli-error.js';
import { type BufferedOutput, bufferedOutput } from './output/buffered-output.js';

/** Standard output; `beforeLot` is called each time something is about to be written to it. */
export function standardOutput(beforeLot: () => void): BufferedOutput {
  return bufferedOutput(
    (lot) =>
      new Promise((resolve, reject) => {
        beforeLot();
        process.stdout.write(lot, (error) => {
          if (!error) resolve();
          else if ((error as NodeJS.ErrnoException).code === 'EPIPE') reject(new OutputClosed());
          else reject(new CliError(`cannot write to standard output: ${error.message}`, 1, error));
        });
      }),
  );
}

/** Whoever reads the output has seen enough. */
class OutputClosed extends CliError {
  constructor() {
    super('', 0);
  }
}
