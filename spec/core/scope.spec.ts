import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { assertSignal, raceAbort } from '../../lib/core/abort.js';
import { LEFT, Scope } from '../../lib/core/scope.js';
import { ScopedCall } from '../../lib/core/scoped-call.js';

const never = () => new Promise<never>(() => {});

describe('a scope', () => {
  it('a pause of a scope aborts the calls in progress, and none that begin later', () => {
    const scope = new Scope();
    const before = new ScopedCall(scope);
    expect(before.signal.aborted).toBe(false);
    scope.pause('pause');
    const later = new ScopedCall(scope);
    expect(before.signal).toMatchObject({ aborted: true, reason: 'pause' });
    expect(later.signal.aborted).toBe(false);
    expect([before.isWanted, later.isWanted]).toEqual([false, true]);
  });

  it('the signal of a call that began before a pause is aborted even if it is first read afterwards', () => {
    const scope = new Scope();
    const call = new ScopedCall(scope);
    scope.pause('pause');
    expect(call.signal).toMatchObject({ aborted: true, reason: 'pause' });
  });

  it('a scope does not abort a call that is over', () => {
    const scope = new Scope();
    const call = new ScopedCall(scope);
    const { signal } = call;
    call.close();
    scope.pause('pause');
    expect(signal.aborted).toBe(false);
  });

  it('each call of a scope has its own signal, and the same one at every read', () => {
    const scope = new Scope();
    const call = new ScopedCall(scope);
    expect(call.signal).toBe(call.signal);
    expect(call.signal).not.toBe(new ScopedCall(scope).signal);
    expect({ ...call }.signal).toBe(call.signal);
  });

  it('a scope notifies its pause listeners after the calls in progress were aborted, until a reset', () => {
    const scope = new Scope();
    const call = new ScopedCall(scope);
    const { signal } = call;
    const log: string[] = [];
    scope.onPause(() => log.push(`first, aborted: ${signal.aborted}`));
    scope.onPause(() => log.push('second'));
    scope.pause('pause');
    scope.reset();
    scope.pause('another pause');
    expect(log).toEqual(['first, aborted: true', 'second']);
  });

  it('a scope survives a pause: a wait in progress continues, and another one may begin', async () => {
    const scope = new Scope();
    const waiting = scope.wait(() => new Promise((resolve) => setImmediate(resolve, 'done')));
    scope.pause('pause');
    expect(await waiting).toBe('done');
    expect(await scope.wait(async () => 'again')).toBe('again');
    expect(() => scope.throwIfOver()).not.toThrow();
  });

  it('a wait in a scope rejects with the reason as soon as a signal aborts, even if the work ignores it', async () => {
    const controller = new AbortController();
    const scope = new Scope([new AbortController().signal, controller.signal]);
    scope.link();
    const waiting = scope.wait(never);
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    expect(() => scope.throwIfOver()).toThrow('enough');
    await expect(scope.wait(never)).rejects.toBe('enough');
    expect(scope).toMatchObject({ isOver: true, aborted: { reason: 'enough' } });
  });

  it('a scope starts no work once it is over', async () => {
    const scope = new Scope();
    scope.leave();
    let isStarted = false;
    const waiting = scope.wait(async () => {
      isStarted = true;
    });
    await expect(waiting).rejects.toBe(LEFT);
    expect(isStarted).toBe(false);
  });

  it('a scope keeps its first end if a signal aborts or the consumer leaves after it', () => {
    const controller = new AbortController();
    const left = new Scope([controller.signal]);
    left.link();
    left.leave();
    const aborted = new Scope([controller.signal]);
    aborted.link();
    controller.abort('enough');
    aborted.leave();
    left.leave();
    expect(left).toMatchObject({ isOver: true, aborted: undefined, pauses: 1 });
    expect(aborted).toMatchObject({ isOver: true, aborted: { reason: 'enough' }, pauses: 1 });
  });

  it('a scope is over at once when a signal had aborted before it was linked', () => {
    const scope = new Scope([AbortSignal.abort('enough')]);
    expect(scope.isOver).toBe(false);
    scope.link();
    expect(scope.aborted).toEqual({ reason: 'enough' });
  });

  it('a scope has one listener on a signal however often it is linked, none after unlink, and can be linked again', () => {
    const controller = new AbortController();
    const scope = new Scope([controller.signal]);
    scope.link();
    scope.link();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    scope.unlink();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    scope.link();
    controller.abort('enough');
    expect(scope.aborted).toEqual({ reason: 'enough' });
  });
});

describe('raceAbort', () => {
  it('raceAbort leaves no listener on the signal, however the work ends', async () => {
    const { signal } = new AbortController();
    expect(await raceAbort(Promise.resolve(1), signal)).toBe(1);
    await expect(raceAbort(Promise.reject(new Error('it broke')), signal)).rejects.toThrow('it broke');
    await new Promise(setImmediate);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('raceAbort rejects at once when the signal has aborted already, and with the reason when it aborts later', async () => {
    await expect(raceAbort(never(), AbortSignal.abort('enough'))).rejects.toBe('enough');
    const controller = new AbortController();
    const race = raceAbort(never(), controller.signal);
    controller.abort('later');
    await expect(race).rejects.toBe('later');
  });

  it('raceAbort drops only the listener of the work that ended, while others still wait on the signal', async () => {
    const controller = new AbortController();
    const waiting = raceAbort(never(), controller.signal);
    await raceAbort(Promise.resolve(), controller.signal);
    await new Promise(setImmediate);
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
  });
});

describe('assertSignal', () => {
  it.each([null, 7, new AbortController()])('assertSignal refuses %o, and names the option', (value) => {
    expect(() => assertSignal(value)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringContaining('signal must be'),
      }),
    );
  });
});
