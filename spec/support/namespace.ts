import { canRun } from './can-run.js';

/** The command line that runs a program in a PID namespace of its own, with a /proc that shows it, as a container has. */
export const IN_NAMESPACE = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'] as const;

/** The same, on a machine with another host name, as far as the program can see. */
const ON_OTHER_HOST = [
  'unshare',
  '--uts',
  ...IN_NAMESPACE.slice(1),
  'sh',
  '-c',
  'hostname other-host && exec "$@"',
  'sh',
] as const;

/** The two kinds of place from which a holder's process cannot be seen. */
export const ELSEWHERE: readonly [string, readonly string[]][] = [
  ['in another container', IN_NAMESPACE],
  ['on another host', ON_OTHER_HOST],
];

/** Whether this machine lets the specs make PID namespaces; in most containers only root may. */
export const hasNamespaces = canRun(...ON_OTHER_HOST, 'true');
