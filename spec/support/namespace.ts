import { execFileSync } from 'node:child_process';

/** The command line that runs a program in a PID namespace of its own, with a /proc that shows it, as a container has. */
export const IN_NAMESPACE = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'] as const;

/** Whether this machine lets the specs make PID namespaces; in most containers only root may. */
export const hasNamespaces = (() => {
  try {
    execFileSync(IN_NAMESPACE[0], [...IN_NAMESPACE.slice(1), 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
