import type { TOKEN_NAMES } from './paging-names.js';
import type { At, ListKeyOf, StructureKeyOf } from './path-types.js';

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

/** The type `K` of a client if it is one of the command's clients; otherwise a string, which keeps the compiler error to one line. */
export type FittingClient<K, C extends CommandClass> =
  K extends ClientOf<C> ? K : 'this client does not send this command';

/** The known names of a command's token, as `[in the input, in the output]`; never if it has none. */
export type TokenNamesOf<C extends CommandClass> =
  | PairIn<(typeof TOKEN_NAMES)[number], InputOf<C>, OutputOf<C>>
  | NestedIn<InputOf<C>, OutputOf<C>, StructureKeyOf<OutputOf<C>>>['names'];

/**
 * The path of the only list next to a command's token, or of the list whose last item is the token; never if there is none or
 * more than one.
 */
export type OnlyListOf<C extends CommandClass> = OnlyListIn<
  InputOf<C>,
  OutputOf<C>,
  PairIn<(typeof TOKEN_NAMES)[number], InputOf<C>, OutputOf<C>>
>;

type OnlyListIn<I, O, Pair> = [Pair] extends [never]
  ? NestedIn<I, O, StructureKeyOf<O>>['list']
  : Pair extends readonly [unknown, `${infer List}[-1]${string}`]
    ? List
    : OnlyListKeyOf<O>;

/** The name of the only list in a structure; never if there is none or more than one. */
type OnlyListKeyOf<O> = IsUnion<ListKeyOf<O>> extends true ? never : ListKeyOf<O>;

/** A token in one of the structures of an output, such as CloudFront's `DistributionList.NextMarker`. */
type NestedIn<I, O, K extends string & keyof O> = K extends unknown
  ? [PairIn<(typeof TOKEN_NAMES)[number], I, NonNullable<O[K]>>] extends [never]
    ? never
    : {
        readonly names: PairIn<(typeof TOKEN_NAMES)[number], I, NonNullable<O[K]>>;
        readonly list: `${K}.${OnlyListKeyOf<NonNullable<O[K]>>}`;
      }
  : never;

type PairIn<P, I, O> = P extends readonly [infer A, infer B]
  ? [Parts<A>] extends [keyof I]
    ? true extends Missing<O, Parts<B>>
      ? never
      : P
    : never
  : never;

type Parts<N> = N extends readonly unknown[] ? N[number] : N;

/** True for each path that does not exist. */
type Missing<O, P> = P extends string ? ([At<O, P>] extends [never] ? true : false) : true;

type IsUnion<U, V = U> = [U] extends [never]
  ? false
  : U extends unknown
    ? [V] extends [U]
      ? false
      : true
    : never;
