import { describe, expect, it } from 'vitest';
import { settled } from '../../lib/aws/settled.js';
import { PageturnError } from '../../lib/core/errors.js';

/** What a sender rejects with when the service answers with this status. */
function refused(status: number, name = 'ResourceNotFoundException'): PageturnError {
  const cause = Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: status } });
  return new PageturnError('ERR_REQUEST_FAILED', 'failed', { cause });
}

const failWith = (error: unknown) => async () => {
  throw error;
};

describe('a settled mapper', () => {
  it('a settled mapper returns the item and its value', async () => {
    const item = { Id: 'u-1' };
    const mapper = settled(async ({ Id }: { Id: string }) => Id.toUpperCase());
    expect(await mapper(item, {})).toEqual({ item, value: 'U-1' });
  });

  it.each([400, 404, 409, 499])(
    'a settled mapper turns an answer with status %i into a value',
    async (status) => {
      const error = refused(status);
      expect(await settled(failWith(error))('u-1', {})).toEqual({ item: 'u-1', error });
    },
  );

  it.each([
    ['an answer with status 500', refused(500)],
    ['an answer with status 399', refused(399)],
    ['an answer without a status', new PageturnError('ERR_REQUEST_FAILED', 'failed', { cause: new Error() })],
    ['missing rights', refused(403, 'AccessDeniedException')],
    ['credentials that expired', refused(400, 'ExpiredTokenException')],
    [
      'a retry that gave up',
      new PageturnError('ERR_RETRY_EXHAUSTED', 'gave up', { cause: refused(404).cause }),
    ],
    ['a mistake in the mapper', new TypeError('undefined is not a function')],
    ['an error of the service that the mapper did not send', refused(404).cause],
  ])('a settled mapper throws %s', async (_what, error) => {
    await expect(settled(failWith(error))('u-1', {})).rejects.toBe(error);
  });

  it('a settled mapper wraps a thrown value that is not an error in one', async () => {
    const mapper = settled(failWith('no such user'), { when: () => true });
    const { error } = await mapper('u-1', {});
    expect(error).toBeInstanceOf(PageturnError);
    expect(error).toMatchObject({ code: 'ERR_CALLBACK_FAILED', cause: 'no such user' });
  });

  it('settled refuses misspelt options, and a mapper that is not a function', () => {
    expect(() => settled(async () => 1, { wen: () => true } as object)).toThrow(
      'unknown option "wen" in options of settled; known are when',
    );
    expect(() => settled(undefined as never)).toThrow('mapper must be a function of an item');
  });

  it('a settled mapper throws after an abort, even an error about the item alone', async () => {
    const controller = new AbortController();
    const error = refused(404);
    const mapper = settled(async () => {
      controller.abort('enough');
      throw error;
    });
    await expect(mapper('u-1', { signal: controller.signal })).rejects.toBe(error);
  });

  it('a settled mapper throws after an abort, even if `when` accepts every error', async () => {
    const signal = AbortSignal.abort('enough');
    const mapper = settled(failWith(signal.reason), { when: () => true });
    await expect(mapper('u-1', { signal })).rejects.toBe('enough');
  });

  it('a settled mapper asks `when` which errors are about the item', async () => {
    const asked: unknown[] = [];
    const error = new TypeError('not found');
    const when = (one: unknown) => {
      asked.push(one);
      return one instanceof TypeError;
    };
    expect(await settled(failWith(error), { when })('u-1', {})).toEqual({ item: 'u-1', error });
    await expect(settled(failWith('other'), { when })('u-1', {})).rejects.toBe('other');
    expect(asked).toEqual([error, 'other']);
  });

  it('a settled mapper turns what a synchronous mapper throws into a value too', async () => {
    const error = refused(404);
    const mapper = settled(() => {
      throw error;
    });
    expect(await mapper('u-1', {})).toEqual({ item: 'u-1', error });
  });
});
