/** Keeps a promise that is refused where a value is due from ending the process: nothing else handles its rejection. */
export function dropRejection(value: unknown): void {
  if (value instanceof Promise) value.catch(() => {});
}
