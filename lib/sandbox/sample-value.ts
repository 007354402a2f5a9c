import { modelStructures } from './model.js';
import type { Input } from './operation.js';

/** The record that a value belongs to. */
export interface Origin {
  /** The number of the record in its list. */
  readonly n: number;
  readonly arn: string;
  /** The id that a member such as `Id` or `QueueId` has: the record's own, or that of what it names. */
  readonly idOf: (member: string) => string;
  /** Text members that are also in the input of the request have its values. */
  readonly input: Input;
}

/** A made-up value of a kind in the model, as it travels: a structure has all its members, and times are epoch seconds. */
export function sampleValue(kind: string, origin: Origin, name = 'Item', level = 0): unknown {
  const { n, arn, idOf, input } = origin;
  if (kind.startsWith('[')) {
    const element = sampleValue(kind.slice(1, -1), origin, name, level);
    return element === undefined ? [] : [element];
  }
  switch (kind) {
    case 'text':
      if (typeof input[name] === 'string') return input[name];
      // The model has both QueueArn and PromptARN.
      if (/Arn$/i.test(name)) return arn;
      if (/Ids?$/.test(name)) return idOf(name.replace(/s$/, ''));
      // The name of an attribute where the attribute itself is not listed.
      return name === 'AttributeName' ? `Name ${n + 1}` : `${name} ${n + 1}`;
    case 'number':
      return n;
    case 'flag':
      return n % 2 === 0;
    case 'time':
      return FIRST_TIME + n * 3600;
    case 'date':
      return new Date((FIRST_TIME + n * 3600) * 1000).toISOString();
    case '{text}':
      return { [name]: `${name} ${n + 1}` };
    default:
      return structureOf(kind, origin, level);
  }
}

const FIRST_TIME = Date.UTC(2024, 8, 2, 7) / 1000;

/** A structure may contain itself, so that it ends at a level that the model's own do not reach. */
const MAX_LEVEL = 4;

function structureOf(kind: string, origin: Origin, level: number): object | undefined {
  if (level >= MAX_LEVEL) return undefined;
  const members = STRUCTURES.get(kind) ?? [];
  return Object.fromEntries(
    members.map(([name, inner]) => [name, sampleValue(inner, origin, name, level + 1)]),
  );
}

const STRUCTURES = new Map(
  modelStructures
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...members] = line.split(' ');
      return [name, members.map(parseMember)] as const;
    }),
);

function parseMember(text: string): readonly [name: string, kind: string] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}
