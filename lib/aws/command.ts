import type { TOKEN_NAMES } from './token-names.js';

/** The shape of a command class of any AWS SDK v3 client, so that nothing has to be imported from the SDK. */
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

/** The input of a command. */
export type InputOf<C extends CommandClass> = InstanceType<C>['input'];

/** The output of a command. */
export type OutputOf<C extends CommandClass> = Awaited<
  ReturnType<ReturnType<InstanceType<C>['resolveMiddleware']>>
>['output'];

/** The client of a command: its middleware stack is the one the command resolves on. */
export interface ClientOf<C extends CommandClass> {
  readonly middlewareStack: Parameters<InstanceType<C>['resolveMiddleware']>[0];
  send(...args: never): unknown;
}

/** The names of the lists in an output. */
export type ListKeyOf<O> = string &
  { [K in keyof O]-?: IsList<NonNullable<O[K]>> extends true ? K : never }[keyof O];

/** The name of the only list in an output; never if there is none or more than one. */
export type OnlyListKeyOf<O> = IsUnion<ListKeyOf<O>> extends true ? never : ListKeyOf<O>;

/** The pair of known token names that a command has, as a tuple; never if it has none. */
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
