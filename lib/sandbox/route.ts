import type { Instance } from './instances.js';
import { modelDescribes, modelOperations } from './model.js';
import type { Input, Operation } from './operation.js';
import { OPERATIONS, type OperationName } from './operations.js';
import { invalidParameter, invalidRequest, notFound, ServiceError } from './service-error.js';

export interface Route {
  readonly operation: Operation & { readonly name: OperationName };
  /** The members from the path and the query string, by their model names. */
  readonly input: Input;
}

/** The operation for a method and path, or undefined. */
export function findRoute(method: string | undefined, target: string): Route | undefined {
  const [path = '', query] = target.split('?', 2);
  const segments = path.split('/');
  for (const { operation, template } of TEMPLATES) {
    if (operation.method !== method || template.length !== segments.length) continue;
    const input = matchPath(template, segments);
    if (input)
      return { operation, input: { ...readQuery(operation.name, new URLSearchParams(query)), ...input } };
  }
  return undefined;
}

const TEMPLATES = OPERATIONS.map((operation) => ({ operation, template: operation.path.split('/') }));

/** The input including the body's members; only POST operations have a body. */
export function withBody({ operation, input }: Route, body: string | ServiceError): Input {
  if (operation.method !== 'POST') return input;
  if (body instanceof ServiceError) throw body;
  try {
    const fields: unknown = JSON.parse(body);
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) {
      // A member that is null counts as left out.
      const given = Object.entries(fields).filter(([, value]) => value !== null);
      return { ...input, ...Object.fromEntries(given) };
    }
  } catch {
    // Invalid JSON is rejected like JSON that is not an object.
  }
  throw new ServiceError(400, 'SerializationException', 'The request body must be a JSON object');
}

/** The instance named by InstanceId. Throws the service's error if it is invalid or unknown. */
export function findInstance(
  operation: Operation,
  input: Input,
  instances: readonly Instance[],
): Instance | undefined {
  const { InstanceId } = input;
  if (operation.accountWide && InstanceId === undefined) return undefined;
  // The model's bounds of InstanceId and, where an ARN is accepted, of ViewsInstanceId.
  const maxLength = operation.acceptsArn ? 500 : 100;
  if (typeof InstanceId !== 'string' || InstanceId === '' || InstanceId.length > maxLength) {
    throw invalidParameter(`InstanceId must have 1 to ${maxLength} characters`);
  }
  const instance = instances.find(
    ({ summary: { Id, Arn } }) => Id === InstanceId || (operation.acceptsArn && Arn === InstanceId),
  );
  if (!instance) throw notFound('Instance not found');
  return instance;
}

function matchPath(
  template: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const input: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith('{')) {
      if (segment === '') return undefined;
      input[part.slice(1, -1)] = decode(segment);
    } else if (part !== segment) return undefined;
  }
  return input;
}

function readQuery(operation: OperationName, query: URLSearchParams): Input {
  const input: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const member = QUERIES.get(operation)?.get(name);
    if (member?.endsWith('[]')) input[member.slice(0, -2)] = query.getAll(name);
    else if (member !== undefined) input[member] = query.get(name) ?? '';
  }
  return input;
}

/** By operation: the members of its input that travel in the query string, by their names there. */
const QUERIES = new Map<string, ReadonlyMap<string, string>>(
  Object.entries({ ...modelOperations, ...modelDescribes }).map(([operation, { query }]) => [
    operation,
    new Map(
      query.split(' ').map((pair) => {
        const [name = '', member = ''] = pair.split(':');
        return [name, member];
      }),
    ),
  ]),
);

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidRequest('The path is not percent-encoded correctly');
  }
}
