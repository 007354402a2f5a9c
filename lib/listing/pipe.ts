import type { AsyncIterableX } from 'ix/asynciterable/asynciterablex';
import { invalidArgument } from '../core/errors.js';

/** The type of the `pipe` method of ix's own iterables; importing the class would add 7 KB of code. */
export type Pipe<T> = AsyncIterableX<T>['pipe'];

type Operator = (source: unknown) => unknown;

/** Applies operators to an async iterable, one after the other. ix's `pipe` also takes a Node stream; this one refuses it. */
export function pipe(source: unknown, operators: readonly unknown[]): unknown {
  return operators.reduce((piped, operator) => {
    if (typeof operator !== 'function') {
      throw invalidArgument('an operator of pipe', 'a function (for streams see Readable.from)', operator);
    }
    return (operator as Operator)(piped);
  }, source);
}
