import type { Instance } from './instances.js';
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
  for (const operation of OPERATIONS) {
    const template = operation.path.split('/');
    if (operation.method !== method || template.length !== segments.length) continue;
    const input = matchPath(template, segments);
    if (input) return { operation, input: { ...readQuery(new URLSearchParams(query)), ...input } };
  }
  return undefined;
}

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
  if (operation.accountWide) return undefined;
  const { InstanceId } = input;
  // The model's bounds of InstanceId and, where an ARN is accepted, of ViewsInstanceId.
  const maxLength = operation.acceptsArn ? 500 : 100;
  if (typeof InstanceId !== 'string' || InstanceId === '' || InstanceId.length > maxLength) {
    throw invalidParameter(`InstanceId must have 1 to ${maxLength} characters`);
  }
  const instance = instances.find(
    ({ Id, Arn }) => Id === InstanceId || (operation.acceptsArn && Arn === InstanceId),
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

function readQuery(query: URLSearchParams): Input {
  const nextToken = query.get('nextToken');
  const maxResults = query.get('maxResults');
  const queueTypes = query.getAll('queueTypes');
  return {
    ...(nextToken !== null && { NextToken: nextToken }),
    ...(maxResults !== null && { MaxResults: maxResults }),
    ...(queueTypes.length > 0 && { QueueTypes: queueTypes }),
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidRequest('The path is not percent-encoded correctly');
  }
}
