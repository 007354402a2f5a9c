import type { ExitCode } from './cli-error.js';
import type { CliProcess } from './cli-process.js';
import { Interruption } from './interruption.js';
import { Report } from './report/report.js';

interface CommandOptions {
  readonly cli: CliProcess;
  /** What the items of the command are called, such as `user`. */
  readonly noun: string;
  /** The line for a command that a signal ended by an error: what became of its work. */
  readonly whenInterrupted: string;
}

/** What a running command has. */
export interface RunningCommand {
  readonly cli: CliProcess;
  readonly report: Report;
  readonly interruption: Interruption;
  /** The signal of the interruption. */
  readonly signal: AbortSignal;
  /** Returns what was opened, and closes it when the command ends: the last one first. */
  closeAtEnd<R extends Closeable>(opened: R): R;
}

interface Closeable {
  close(): Promise<void>;
}

/** The frame of a command that sends requests: reports, listens to signals, and closes what was opened however it ends. */
export async function runCommand(
  { cli, noun, whenInterrupted }: CommandOptions,
  work: (command: RunningCommand) => Promise<ExitCode>,
): Promise<ExitCode> {
  const report = new Report(cli.stderr, noun);
  const interruption = new Interruption(cli);
  const { signal } = interruption;
  const stopListening = interruption.listen();
  const opened: Closeable[] = [];
  const closeAtEnd = <R extends Closeable>(one: R): R => {
    opened.push(one);
    return one;
  };
  try {
    return await work({ cli, report, interruption, signal, closeAtEnd });
  } catch (error) {
    if (error !== signal.reason) throw error;
    report.line(whenInterrupted);
    return interruption.exitCode;
  } finally {
    stopListening();
    report.close();
    await closeAll(opened);
  }
}

async function closeAll(opened: readonly Closeable[]): Promise<void> {
  const failures: unknown[] = [];
  for (const one of opened.toReversed()) await one.close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
