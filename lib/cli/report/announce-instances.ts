import { describeSandbox, type Instance } from '../connection/instance.js';
import type { Report } from './report.js';

/** Shows the progress of a command from now on, after a line about the sandbox; rejects if no request can be sent. */
export async function announceInstances(report: Report, ...instances: readonly Instance[]): Promise<void> {
  for (const instance of instances) await instance.assertReady();
  const [introduction] = instances.flatMap((instance) => describeSandbox(instance) ?? []);
  if (introduction !== undefined) report.line(introduction);
  report.start();
}
