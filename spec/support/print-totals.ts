/**
 * For `onProgress` of a program that a spec kills: prints each total, and after `totals` of them waits for a line of input.
 * However slow the spec is, the program is not finished before the kill.
 */
export function printTotals(totals = Number(process.env['STAND_STILL_AFTER'] ?? Number.POSITIVE_INFINITY)) {
  let left = totals;
  return async ({ written }: { readonly written: number }): Promise<void> => {
    console.log(written);
    left--;
    if (left !== 0) return;
    // The timer keeps the process alive.
    const alive = setInterval(() => {}, 60_000);
    await new Promise((resolve) => process.stdin.once('data', resolve));
    clearInterval(alive);
    process.stdin.destroy();
  };
}
