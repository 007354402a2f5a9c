import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Interruption } from '../../lib/cli/interruption.js';

function listen() {
  const signals = new EventEmitter();
  const interruption = new Interruption({
    on: (name, listener) => signals.on(name, listener),
    off: (name, listener) => signals.off(name, listener),
    exit: () => {},
  });
  const stop = interruption.listen();
  onTestFinished(stop);
  return { interruption, stop, send: (name: NodeJS.Signals) => signals.emit(name, name) };
}

describe('an interruption', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s aborts at once, and the exit code is %i', (name, code) => {
    const { interruption, send } = listen();
    send(name);
    expect(interruption.signal.aborted).toBe(true);
    expect(interruption.exitCode).toBe(code);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'rows that are being written when %s arrives are finished first',
    async (name) => {
      const { interruption, send } = listen();
      const written = interruption.deferUntil(
        (async () => {
          await setImmediate();
          send(name);
          await setImmediate();
          expect(interruption.signal.aborted).toBe(false);
        })(),
      );
      await written;
      await setImmediate();
      expect(interruption.signal.aborted).toBe(true);
    },
  );

  it('throwIfRequested aborts the signal and throws its reason', () => {
    const { interruption, send } = listen();
    send('SIGINT');
    expect(() => interruption.throwIfRequested()).toThrow(expect.objectContaining({ name: 'AbortError' }));
  });

  it('a listener that was removed hears no signal', () => {
    const { interruption, stop, send } = listen();
    stop();
    send('SIGINT');
    expect(interruption.signal.aborted).toBe(false);
  });
});
