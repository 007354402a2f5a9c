import { describe, expect, it, onTestFinished } from 'vitest';
import { ProgressLine } from '../../lib/cli/report/progress-line.js';

function screen({ isTTY = true, columns = 40 } = {}) {
  let written = '';
  const stream = {
    isTTY,
    columns,
    write(text: string) {
      written += text;
      return true;
    },
  };
  return { stream, written: () => written };
}

const ERASE = '\r\x1b[K';

describe('the progress line', () => {
  it('the progress line is redrawn in place, below permanent lines', () => {
    const { stream, written } = screen();
    let users = 1;
    const line = new ProgressLine(stream, () => `${users} users`);
    onTestFinished(() => line.close());
    line.show();
    users = 2;
    line.print('page 2');
    line.close();
    expect(written()).toBe(`${ERASE}1 users${ERASE}page 2\n${ERASE}2 users${ERASE}`);
  });

  it('the progress line never wraps', () => {
    const { stream, written } = screen({ columns: 10 });
    const line = new ProgressLine(stream, () => '123456789012345');
    onTestFinished(() => line.close());
    line.show();
    expect(written()).toBe(`${ERASE}123456789`);
  });

  it('without a terminal only permanent lines are written', () => {
    const { stream, written } = screen({ isTTY: false });
    const line = new ProgressLine(stream, () => 'x');
    line.show();
    line.print('page 1');
    line.close();
    expect(written()).toBe('page 1\n');
  });
});
