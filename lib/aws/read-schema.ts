/** The part of a command's schema that shows how its operation is paged. */
export interface OperationShape {
  /** The name of the operation in the service model, such as `ListUsers`. */
  readonly name: string;
  /** The members of the input, in the order of the model. */
  readonly input: readonly string[];
  /** The members of the output; `lists` are those that are lists. */
  readonly output: readonly string[];
  readonly lists: readonly string[];
  /** The members of the output that stand in the body of an answer, and their names there. */
  readonly body: readonly { readonly name: string; readonly wireName: string }[];
}

/**
 * Reads the public `schema` of a command, `[9, namespace, name, traits, input, output]`, without loading the SDK's own
 * reader, which takes 12 ms. Undefined if the command has none: its client is older than the SDK's schemas.
 */
export function readSchema(command: object): OperationShape | undefined {
  if (!('schema' in command) || !Array.isArray(command.schema)) return undefined;
  const [kind, , name, , input, output] = command.schema as unknown[];
  if (kind !== OPERATION || typeof name !== 'string') return undefined;
  const members = readMembers(output);
  return {
    name,
    input: readMembers(input).map((member) => member.name),
    output: members.map((member) => member.name),
    lists: members.filter((member) => isList(member.schema)).map((member) => member.name),
    body: members.flatMap(({ name, schema }) => bodyMember(name, schema) ?? []),
  };
}

// The identifiers of static schemas in @smithy/types 4 (schema/static-schemas).
const OPERATION = 9;
const STRUCTURE = 3;
const LIST = 1;
// A list of a simple type is a number with this bit set; a map of one has the next higher bit (schema/sentinels).
const LIST_OF_SIMPLE = 64;
const MAP_OF_SIMPLE = 128;
// The bit of the trait httpResponseCode (schema/traits).
const IS_STATUS = 32;

interface Member {
  readonly name: string;
  readonly schema: unknown;
}

/** A structure is `[3, namespace, name, traits, member names, member schemas]`; an operation without one has `'unit'`. */
function readMembers(reference: unknown): Member[] {
  const schema = dereference(reference);
  if (!Array.isArray(schema) || schema[0] !== STRUCTURE) return [];
  const [, , , , names, schemas] = schema as [...unknown[], string[], unknown[]];
  return (names as string[]).map((name, i) => ({ name, schema: (schemas as unknown[])[i] }));
}

/** Undefined for a member that is a header or the status: QuickSight's `Status` stands beside an empty body too. */
function bodyMember(name: string, reference: unknown): OperationShape['body'][number] | undefined {
  const traits: unknown = Array.isArray(reference) && reference.length === 2 ? reference[1] : 0;
  if (typeof traits === 'number') return traits & IS_STATUS ? undefined : { name, wireName: name };
  const { httpHeader, httpPrefixHeaders, httpResponseCode, jsonName = name } = Object(traits);
  return (httpHeader ?? httpPrefixHeaders ?? httpResponseCode) ? undefined : { name, wireName: jsonName };
}

function isList(reference: unknown): boolean {
  const schema = dereference(reference);
  if (typeof schema === 'number') return schema >= LIST_OF_SIMPLE && schema < MAP_OF_SIMPLE;
  return Array.isArray(schema) && schema[0] === LIST;
}

/** References may be lazy (functions), and are paired with traits if a member has its own. */
function dereference(reference: unknown): unknown {
  if (typeof reference === 'function') return dereference(reference());
  if (Array.isArray(reference) && reference.length === 2) return dereference(reference[0]);
  return reference;
}
