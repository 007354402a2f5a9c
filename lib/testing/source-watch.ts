/** Counts how often a pager closes each iterator it reads from. */
export class SourceWatch {
  /** The number of `return()` calls per iterator, in the order they were opened. */
  readonly closings: number[] = [];

  /** Returns the same iterable, watched. */
  readonly watch = <S extends AsyncIterable<unknown> | Iterable<unknown>>(source: S): S =>
    intercept(source, (name, method) => {
      if (name !== Symbol.asyncIterator && name !== Symbol.iterator) return method;
      return () => this.#open(method() as object);
    });

  #open(iterator: object): object {
    const place = this.closings.push(0) - 1;
    return intercept(iterator, (name, method) => {
      if (name !== 'return') return method;
      return (...args) => {
        (this.closings[place] as number)++;
        return method(...args);
      };
    });
  }
}

type Method = (...args: unknown[]) => unknown;

/** A proxy whose methods are replaced by `change`; each is bound to the original object, which generators require. */
function intercept<O extends object>(
  object: O,
  change: (name: string | symbol, method: Method) => Method,
): O {
  return new Proxy(object, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? change(name, value.bind(target) as Method) : value;
    },
  });
}
