import { invalidArgument, PageturnError } from '../core/errors.js';
import { memberAt } from './output-path.js';
import { TOKEN_NAMES } from './paging-names.js';
import type { OperationShape, StructureShape } from './read-schema.js';
import { withoutSchema } from './without-schema.js';

/** Selects a value in an output: a path or a function. */
export type Selector = string | OutputReader['read'];

interface OutputReader {
  /** A method, so that it may expect the output of any one command. */
  read(output: object): unknown;
}

/** Names of a token that were given, by options or by a quirk. */
export interface TokenChoice {
  readonly token?: string | readonly string[] | undefined;
  readonly next?: Selector | readonly string[] | undefined;
}

/** Where the token goes in the input, and where the next one is in the output: a path for each part, or a function for all. */
export interface TokenNames {
  readonly keys: readonly string[];
  readonly next: readonly string[] | OutputReader['read'];
}

/**
 * Resolves the names of an operation's token. Throws ERR_NOT_PAGED if none are given or known, and ERR_INVALID_ARGUMENT
 * for names that do not exist or are only a part of the token.
 */
export function resolveToken(
  operation: string,
  shape: OperationShape | undefined,
  choice: TokenChoice,
): TokenNames {
  const given = { keys: listed(choice.token), next: nextOf(choice.next) };
  if (shape) assertExist(operation, shape, given);
  const known = shape && knownNames(shape, given);
  const { keys = known?.keys, next = known?.next } = given;
  if (keys === undefined || next === undefined) throw notPaged(operation, shape, given.keys);
  if (Array.isArray(next) && next.length !== keys.length) {
    throw invalidArgument('next', `a path for each of token (${keys.join(', ')})`, choice.next);
  }
  return { keys, next };
}

type Given = { readonly [K in keyof TokenNames]: TokenNames[K] | undefined };

function nextOf(next: TokenChoice['next']): Given['next'] {
  return typeof next === 'function' ? next : listed(next);
}

function listed(names: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof names === 'string' ? [names] : names;
}

function assertExist(operation: string, shape: OperationShape, { keys = [], next = [] }: Given): void {
  const unknownKey = keys.find((key) => !shape.input.member(key));
  if (unknownKey !== undefined) {
    throw invalidArgument('token', `a member of the input of ${operation}`, unknownKey);
  }
  const unknownPath =
    typeof next === 'function' ? undefined : next.find((path) => !memberAt(shape.output, path));
  if (unknownPath !== undefined) {
    throw invalidArgument('next', `a path in the output of ${operation}`, unknownPath);
  }
  const whole = partsOf(shape).find(
    ([parts]) => keys.length > 0 && keys.length < parts.length && keys.every((key) => parts.includes(key)),
  );
  if (whole) {
    const [parts] = whole;
    throw invalidArgument(
      'token',
      `[${parts.join(', ')}], which together are the token of ${operation}: leaving one out skips items`,
      keys.join(', '),
    );
  }
}

/** The known tokens in several parts that the operation has. */
function partsOf({ input, output }: OperationShape) {
  return KNOWN.filter(([keys, paths]) => keys.length > 1 && has(input, keys) && has(output, paths));
}

/** The first known pair that the schema has and what is given allows. */
function knownNames(shape: OperationShape, given: Given): TokenNames | undefined {
  const allowed = KNOWN.filter(([keys]) => has(shape.input, keys) && same(given.keys, keys));
  const top = allowed.find(([, next]) => has(shape.output, next) && fits(given.next, next));
  const [keys, next] = top ?? nestedPair(shape.output, allowed, given.next) ?? [];
  return keys && next && { keys, next };
}

/** CloudFront, RDS and Redshift put the token and the list into one structure, such as `DistributionList`. */
function nestedPair(output: StructureShape, known: readonly Pair[], given: Given['next']): Pair | undefined {
  const pairs = output.names.flatMap((name) => {
    const member = output.member(name);
    const pair = member?.kind === 'structure' && known.find(([, next]) => has(member.inside, next));
    return pair ? [[pair[0], pair[1].map((path) => `${name}.${path}`)] as const] : [];
  });
  const fitting = pairs.filter(([, next]) => fits(given, next));
  // Tokens in several structures are not those of one listing.
  return fitting.length === 1 ? fitting[0] : undefined;
}

type Pair = readonly [keys: readonly string[], next: readonly string[]];

const KNOWN: readonly Pair[] = TOKEN_NAMES.map(([keys, next]) => [listed(keys) ?? [], listed(next) ?? []]);

function has(shape: StructureShape, paths: readonly string[]): boolean {
  return paths.every((path) => memberAt(shape, path) !== undefined);
}

function same(given: readonly string[] | undefined, names: readonly string[]): boolean {
  return given === undefined || given.join() === names.join();
}

function fits(given: Given['next'], next: readonly string[]): boolean {
  return typeof given === 'function' || same(given, next);
}

function notPaged(
  operation: string,
  shape: OperationShape | undefined,
  keys: readonly string[] | undefined,
): PageturnError {
  if (!shape) return withoutSchema(operation, 'token and next');
  const text =
    keys === undefined
      ? `${operation} has no page token that pageturn knows; if it is paged, pass token (all members of the input that say where a page starts, as its API reference lists them) and next (the path of each in the output)`
      : `cannot find where ${operation} returns its next token; pass its path as next, such as 'List.NextToken', or 'List[-1].Id' for a member of the last item`;
  return new PageturnError('ERR_NOT_PAGED', text);
}
