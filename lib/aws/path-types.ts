/** The type at a path in `O`, as `readPath` reads it; never if there is nothing. */
export type At<O, P extends string> = P extends `${infer Head}[-1]`
  ? ElementOf<At<O, Head>>
  : P extends `${infer Head}.${infer Rest}`
    ? At<NonNullable<At<O, Head>>, Rest>
    : P extends keyof O
      ? NonNullable<O[P]>
      : never;

/**
 * The paths in an output: a member, a member of a structure or of the last item of a list, and a member of the last item of
 * a list in a structure. A function reaches deeper.
 */
export type PathOf<O> =
  | StepOf<O>
  | { [K in StructureKeyOf<O>]: `${K}.${StepOf<NonNullable<O[K]>>}` }[StructureKeyOf<O>];

/** The paths of lists. */
export type ListPathOf<O> =
  | ListKeyOf<O>
  | { [K in StructureKeyOf<O>]: `${K}.${ListKeyOf<NonNullable<O[K]>>}` }[StructureKeyOf<O>];

/** The paths of flags. */
export type FlagPathOf<O> =
  | FlagKeyOf<O>
  | { [K in StructureKeyOf<O>]: `${K}.${FlagKeyOf<NonNullable<O[K]>>}` }[StructureKeyOf<O>];

/** The names of the lists in a structure. */
export type ListKeyOf<O> = KeyOf<O> &
  { [K in keyof O]-?: IsList<NonNullable<O[K]>> extends true ? K : never }[keyof O];

/** The names of the structures in a structure; `$metadata` is the SDK's own. */
export type StructureKeyOf<O> = Exclude<KeyOf<O>, '$metadata'> &
  { [K in keyof O]-?: IsStructure<NonNullable<O[K]>> extends true ? K : never }[keyof O];

export type ElementOf<L> = NonNullable<L> extends readonly (infer T)[] ? T : never;

type StepOf<O> =
  | KeyOf<O>
  | { [K in ListKeyOf<O>]: `${K}[-1]` | `${K}[-1].${KeyOf<NonNullable<ElementOf<O[K]>>>}` }[ListKeyOf<O>];

type FlagKeyOf<O> = KeyOf<O> & { [K in keyof O]-?: NonNullable<O[K]> extends boolean ? K : never }[keyof O];

/** The names of a structure; none for a map, a string or other values with methods. */
type KeyOf<O> = IsStructure<O> extends true ? string & keyof O : never;

type IsList<V> = [V] extends [never] ? false : V extends readonly unknown[] ? true : false;

type IsStructure<V> = 0 extends 1 & V
  ? false
  : [V] extends [never]
    ? false
    : V extends string | number | boolean | bigint | Date | Uint8Array | readonly unknown[]
      ? false
      : V extends object
        ? string extends keyof V
          ? false
          : true
        : false;
