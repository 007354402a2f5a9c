import type { TOKEN_NAMES } from './token-names.js';

/** A command class of any AWS SDK v3 client, by its shape; nothing of the SDK is imported. */
export type CommandClass = new (
  input: never,
) => {
  readonly input: object;
  resolveMiddleware(
    stack: never,
    configuration: never,
    options: never,
  ): (args: never) => Promise<{ output: object }>;
};

/** What a command asks. */
export type InputOf<C extends CommandClass> = InstanceType<C>['input'];

/** What a command is answered. */
export type OutputOf<C extends CommandClass> = Awaited<
  ReturnType<ReturnType<InstanceType<C>['resolveMiddleware']>>
>['output'];

/** The client a command belongs to: its middleware stack is the one the command resolves on. */
export interface ClientOf<C extends CommandClass> {
  readonly middlewareStack: Parameters<InstanceType<C>['resolveMiddleware']>[0];
  send(...args: never): unknown;
}

/** The members of an output that are lists. */
export type ListKeyOf<O> = string &
  { [K in keyof O]-?: IsList<NonNullable<O[K]>> extends true ? K : never }[keyof O];

/** The one list of an output; never where there are none or several. */
export type OnlyListKeyOf<O> = IsUnion<ListKeyOf<O>> extends true ? never : ListKeyOf<O>;

/** The known pair of token names a command has, as a tuple of both; never where it has none. */
export type TokenNamesOf<C extends CommandClass> = PairIn<
  (typeof TOKEN_NAMES)[number],
  InputOf<C>,
  OutputOf<C>
>;

type PairIn<P, I, O> = P extends readonly [infer A, infer B]
  ? A extends keyof I
    ? B extends keyof O
      ? P
      : never
    : never
  : never;

type IsList<V> = [V] extends [never] ? false : V extends readonly unknown[] ? true : false;

type IsUnion<U, V = U> = [U] extends [never]
  ? false
  : U extends unknown
    ? [V] extends [U]
      ? false
      : true
    : never;
