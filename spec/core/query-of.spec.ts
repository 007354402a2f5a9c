import { describe, expect, it } from 'vitest';
import { queryOf } from '../../lib/core/query-of.js';

class Region {
  readonly name = 'eu-central-1';
}

class Secret {
  readonly #team: string;
  constructor(team: string) {
    this.#team = team;
  }
  get team() {
    return this.#team;
  }
}
class Order {
  readonly #team: string;
  constructor(team: string) {
    this.#team = team;
  }
  isPrototypeOf() {
    return this.#team === 'red';
  }
}
class Teams extends Map<string, string> {}
class Day extends Date {}
class Names extends Array<string> {}
const isPlain = (value: unknown) =>
  Array.isArray(value) ||
  (!['Map', 'Set', 'Date'].includes((value as object).constructor?.name) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof ArrayBuffer));
const blank = (value: object) => new Proxy(value, {});

describe('a query', () => {
  it.each<[string, unknown]>([
    ['a function', () => true],
    ['a symbol', Symbol('filter')],
    ['an instance of a class', new Region()],
    ['an instance of a class with private fields', new Secret('red')],
    ['a class', Region],
    ['an error', new Error('it broke')],
    ['a promise', Promise.resolve(1)],
    ['URLSearchParams', new URLSearchParams('team=a')],
    ['a URL', new URL('https://a.example')],
    ['Headers', new Headers({ team: 'a' })],
    ['FormData', new FormData()],
    ['a Blob', new Blob(['a'])],
    ['a WeakMap', new WeakMap()],
    ['a WeakRef', new WeakRef({})],
    ['an AbortSignal', AbortSignal.abort()],
    ['a regular expression', /a/],
    ['a boxed string', Object('a')],
    ['an iterator of a map', new Map([['a', 1]]).entries()],
    ['a generator', (function* () {})()],
    ['a stream', new ReadableStream()],
    ['a subclass of Map', new Teams([['a', 'b']])],
    ['a subclass of Date', new Day(0)],
    ['a subclass of Array', Names.from(['a'])],
    ['an object that inherits members', Object.create({ team: 'a' })],
    ['an instance of a class with a member of every prototype', new Order('red')],
    [
      'an object that inherits from one with such a member',
      Object.create({ isPrototypeOf: undefined, team: 'a' }),
    ],
    [
      'an object that inherits from a bare one',
      Object.create(Object.assign(Object.create(null), { team: 'a' })),
    ],
    ['a proxy of a map', blank(new Map([['a', 1]]))],
    ['a proxy of a date', blank(new Date(0))],
    ['a proxy of bytes', blank(new Uint8Array(2))],
    ['an object that claims to be a map', { __proto__: { [Symbol.toStringTag]: 'Map' } }],
  ])('a query refuses %s, wherever it stands, with its path', (_what, value) => {
    const places: [object, string][] = [
      [{ filter: value }, 'input.filter'],
      [{ a: { filters: [{ team: value }] } }, 'input.a.filters.0.team'],
      [{ by: new Map([['eu', value]]) }, 'input.by.0.1'],
      [{ any: new Set(['a', value]) }, 'input.any.1'],
    ];
    for (const [input, path] of places) {
      expect(() => queryOf('rows', { plain: 1, ...input })).toThrow(
        expect.objectContaining({
          code: 'ERR_INVALID_ARGUMENT',
          message: expect.stringMatching(
            new RegExp(
              `^${path.replaceAll('.', '[.]')} must be plain data, so that a cursor can recognise its query`,
            ),
          ),
        }),
      );
    }
  });

  it.each<[string, () => object, string]>([
    ['a symbol as a name', () => ({ [Symbol('team')]: 'a' }), '.Symbol(team)'],
    ['a hidden member', () => Object.defineProperty({}, 'team', { value: 'a' }), '.team'],
    [
      'a getter',
      () => ({
        get team() {
          return 'a';
        },
      }),
      '.team',
    ],
    ['a setter', () => ({ set team(_name: string) {} }), '.team'],
    ['a hidden getter', () => Object.defineProperty({}, 'team', { get: () => 'a' }), '.team'],
    ['a member of a list', () => Object.assign(['a'], { team: 'a' }), '.team'],
    ['a symbol of a list', () => Object.assign(['a'], { [Symbol.for('team')]: 'a' }), '.Symbol(team)'],
    ['a getter of a list', () => Object.defineProperty(['a'], 0, { get: () => 'a', enumerable: true }), '.0'],
    ['a member of a map', () => Object.assign(new Map(), { team: 'a' }), '.team'],
    ['a member of a set', () => Object.assign(new Set(), { team: 'a' }), '.team'],
    ['a member of a date', () => Object.assign(new Date(0), { team: 'a' }), '.team'],
    ['a member of bytes', () => Object.assign(new Uint8Array(2), { team: 'a' }), '.team'],
    ['a member of a buffer', () => Object.assign(new ArrayBuffer(2), { team: 'a' }), '.team'],
    [
      'a member of an object without a prototype',
      () => Object.defineProperty(Object.create(null), 'team', { value: 1 }),
      '.team',
    ],
  ])('a query refuses %s, which no cursor would see, by its name', (_what, create, name) => {
    const places: [unknown, string][] = [
      [{ filter: create() }, `input.filter${name}`],
      [{ a: { filters: [create()] } }, `input.a.filters.0${name}`],
      [create(), `input${name}`],
    ];
    for (const [input, path] of places) {
      if (path.startsWith(`input${name}`) && !isPlain(input)) continue;
      expect(() => queryOf('rows', input as object), path).toThrow(
        expect.objectContaining({
          code: 'ERR_INVALID_ARGUMENT',
          message: expect.stringMatching(new RegExp(`^${path.replace(/[.()]/g, '\\$&')} must be plain data`)),
        }),
      );
    }
  });

  it.each<[string, unknown]>([
    ['a map', new Map([['team', 'a']])],
    ['URLSearchParams', new URLSearchParams('team=a')],
    ['an instance of a class', new Secret('red')],
    ['null', null],
    ['a text', 'team=a'],
    ['a function', () => 'a'],
  ])('a query refuses %s as the whole input', (_what, input) => {
    expect(() => queryOf('rows', input as object)).toThrow('input must be a plain object, received ');
  });

  it('a query accepts plain data of every kind, and is another one for another value', () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop['self'] = loop;
    const input: Record<string, readonly unknown[]> = {
      text: ['a', 'b', '1', ''],
      count: [1n, 2n, 1, 2, Number.NaN, Infinity, -Infinity, '1n', 'NaN'],
      none: [null, 'null', false],
      list: [[1, { deep: [true] }], [1, { deep: [false] }], [], [[]], [undefined], [null]],
      day: [new Date(0), new Date(1), new Date(Number.NaN), '1970-01-01T00:00:00.000Z', 0],
      bytes: [new Uint8Array([1, 2]), new Uint8Array([1]), new Uint16Array([1, 2]), [1, 2], new Uint8Array()],
      map: [new Map([['a', 1]]), new Map([['a', 2]]), { a: 1 }, [['a', 1]], { map: [['a', 1]] }],
      set: [new Set([1]), new Set([2]), new Set([new Set([1])]), [1], { set: [1] }],
      bare: [Object.assign(Object.create(null), { a: 1 }), Object.assign(Object.create(null), { a: 2 })],
      proxy: [blank({ a: 1 }), blank({ a: 2 }), blank([1])],
      loop: [loop, { name: 'loop', self: { name: 'loop' } }],
      own: [JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":2}}'), {}],
    };
    for (const [name, values] of Object.entries(input)) {
      const digests = values.map((value) => queryOf('rows', { [name]: value }).input[name]);
      expect(new Set(digests).size, name).toBe(values.length);
    }
  });

  it('a query is the same for the same bytes and zeros, and in whatever order keys are written', () => {
    const digestOf = (value: unknown) => queryOf('rows', { value }).input['value'];
    const { buffer } = new Uint8Array([9, 1, 2, 9]);
    const bytes = new Uint8Array([1, 2]);
    for (const same of [
      Buffer.from([1, 2]),
      bytes.buffer,
      new DataView(bytes.buffer),
      new Uint8Array(buffer, 1, 2),
    ])
      expect(digestOf(same)).toBe(digestOf(bytes));
    expect(digestOf(new Set(['a', 'b']))).not.toBe(digestOf(new Set(['b', 'a'])));
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
    expect(digestOf(-0)).toBe(digestOf(0));
    expect(digestOf(Object.create(null))).toBe(digestOf({}));
  });

  it('a query takes data that is nested deeper than calls can be', () => {
    const nested = (depth: number) => JSON.parse(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`);
    const [one, same, other] = [20_000, 20_000, 20_001].map((depth) => queryOf('rows', { a: nested(depth) }));
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
  });

  it('a query is the same whatever the order of its fields, and another one for another value', () => {
    const query = queryOf('rows', { a: 1, b: [1, 2] });
    expect(JSON.stringify(queryOf('rows', { b: [1, 2], a: 1 }))).toBe(JSON.stringify(query));
    expect(queryOf('rows', { a: 1, b: [2, 1] })).not.toEqual(query);
    expect(queryOf('rows')).toEqual({ operation: 'rows', input: {} });
  });
});
