/** The part of a command's schema that shows how its operation is paged. */
export interface OperationShape {
  /** The name of the operation in the service model, such as `ListUsers`. */
  readonly name: string;
  /** The service by the namespace of its model, such as `s3`. */
  readonly service: string;
  readonly input: StructureShape;
  readonly output: StructureShape;
  /** The members of the output that come from the body of an answer, and their names there. */
  readonly body: readonly { readonly name: string; readonly wireName: string }[];
}

/** A structure of a schema. */
export interface StructureShape {
  /** Its members, in the order of the model. */
  readonly names: readonly string[];
  member(name: string): MemberShape | undefined;
}

/** A member of a structure. */
export interface MemberShape {
  readonly kind: 'list' | 'structure' | 'boolean' | 'text' | 'other';
  /** The members of a structure, or of the structures in a list. */
  readonly inside: StructureShape;
  /** The items of a list. */
  readonly element: MemberShape | undefined;
}

/**
 * Reads the public `schema` of a command, `[9, namespace, name, traits, input, output]`, without loading the SDK's own
 * reader, which takes 12 ms. Undefined if the command has none. A command of the DynamoDB document client has none itself,
 * and wraps one that has.
 */
export function readSchema(command: object): OperationShape | undefined {
  const { schema, clientCommand } = command as { schema?: unknown; clientCommand?: unknown };
  if (typeof clientCommand === 'object' && clientCommand !== null) return readSchema(clientCommand);
  if (!Array.isArray(schema)) return undefined;
  const [kind, namespace, name, , input, output] = schema as unknown[];
  if (kind !== OPERATION || typeof name !== 'string') return undefined;
  return {
    name,
    service: String(namespace).replace(/^.*\./, ''),
    input: structureShape(input),
    output: structureShape(output),
    body: [...membersOf(output)].flatMap(([name, member]) => bodyMember(name, member) ?? []),
  };
}

/** The members of a structure that are lists. */
export function listsOf(shape: StructureShape): string[] {
  return shape.names.filter((name) => shape.member(name)?.kind === 'list');
}

// The identifiers of static schemas in @smithy/types 4 (schema/static-schemas).
const SIMPLE = 0;
const LIST = 1;
const STRUCTURE = 3;
const UNION = 4;
const OPERATION = 9;
// The simple types, as numbers (schema/sentinels). A list of one has a bit more, a map of one the next higher bit.
const STRING = 0;
const BOOLEAN = 2;
const LIST_OF_SIMPLE = 64;
const MAP_OF_SIMPLE = 128;
// The bit of the trait httpResponseCode (schema/traits).
const IS_STATUS = 32;

function structureShape(reference: unknown): StructureShape {
  const members = membersOf(reference);
  return {
    names: [...members.keys()],
    member: (name) => (members.has(name) ? memberShape(members.get(name)) : undefined),
  };
}

/** A structure is `[3, namespace, name, traits, member names, member schemas]`; an operation without one has `'unit'`. */
function membersOf(reference: unknown): ReadonlyMap<string, unknown> {
  const schema = dereference(reference);
  if (!isStructure(schema)) return new Map();
  const [, , , , names, schemas] = schema as [...unknown[], string[], unknown[]];
  return new Map((names as string[]).map((name, i) => [name, (schemas as unknown[])[i]]));
}

/** Undefined for a member that is a header or the status: QuickSight's `Status` is set even if the body is empty. */
function bodyMember(name: string, reference: unknown): OperationShape['body'][number] | undefined {
  const traits: unknown = Array.isArray(reference) && reference.length === 2 ? reference[1] : 0;
  if (typeof traits === 'number') return traits & IS_STATUS ? undefined : { name, wireName: name };
  const { httpHeader, httpPrefixHeaders, httpResponseCode, jsonName = name } = Object(traits);
  return (httpHeader ?? httpPrefixHeaders ?? httpResponseCode) ? undefined : { name, wireName: jsonName };
}

function memberShape(reference: unknown): MemberShape {
  const schema = dereference(reference);
  const element = elementOf(schema);
  return {
    kind: kindOf(schema),
    // Read when needed: structures may contain themselves.
    get inside() {
      return structureShape(element ?? schema);
    },
    get element() {
      return element === undefined ? undefined : memberShape(element);
    },
  };
}

function kindOf(schema: unknown): MemberShape['kind'] {
  if (isStructure(schema)) return 'structure';
  if (elementOf(schema) !== undefined) return 'list';
  const simple = Array.isArray(schema) && schema[0] === SIMPLE ? dereference(schema[4]) : schema;
  if (simple === BOOLEAN) return 'boolean';
  return simple === STRING ? 'text' : 'other';
}

/** A list is `[1, namespace, name, traits, element schema]`, or a number if its elements are simple. */
function elementOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema[0] === LIST ? schema[4] : undefined;
  if (typeof schema !== 'number' || schema < LIST_OF_SIMPLE || schema >= MAP_OF_SIMPLE) return undefined;
  return schema - LIST_OF_SIMPLE;
}

function isStructure(schema: unknown): schema is unknown[] {
  return Array.isArray(schema) && (schema[0] === STRUCTURE || schema[0] === UNION);
}

/** References may be lazy (functions), and are paired with traits if a member has its own. */
function dereference(reference: unknown): unknown {
  if (typeof reference === 'function') return dereference(reference());
  if (Array.isArray(reference) && reference.length === 2) return dereference(reference[0]);
  return reference;
}
