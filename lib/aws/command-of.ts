import { invalidArgument } from '../core/errors.js';
import type { SendingClient } from './create-send.js';
import type { PagingQuirk } from './quirks/paging-quirk.js';
import { pagingQuirkOf } from './quirks/paging-quirk-of.js';
import { type OperationShape, readSchema } from './read-schema.js';

/** What a command class is at run time. */
interface CommandOf {
  /** The operation with its service, such as `Connect.ListUsers`: its name in events, cursors and messages. */
  readonly operation: string;
  readonly quirk: PagingQuirk;
  readonly shape: OperationShape | undefined;
  /** A new command of the class, with its own copy of the input. */
  build(input: object): object;
}

/** Reads a command class; throws ERR_INVALID_ARGUMENT if it is not one, or if `input` is not an object. */
export function commandOf(client: SendingClient, command: unknown, input: unknown): CommandOf {
  if (!isCommandClass(command)) {
    throw invalidArgument('command', 'a command class of the client, such as ListUsersCommand', command);
  }
  if (typeof input !== 'object' || input === null) throw invalidArgument('input', 'an object', input);
  const build = (fields: object) => new command({ ...fields });
  const shape = readSchema(build(input));
  const name = shape?.name ?? command.name.replace(/Command$/, '');
  const service = serviceOf(client);
  const quirk = pagingQuirkOf(service ?? shape?.service ?? '', name);
  return { operation: service ? `${service}.${name}` : name, quirk, shape, build };
}

function isCommandClass(value: unknown): value is new (input: object) => object {
  return typeof value === 'function' && typeof value.prototype?.resolveMiddleware === 'function';
}

function serviceOf(client: object): string | undefined {
  const { config } = client as { config?: { serviceId?: unknown } };
  return typeof config?.serviceId === 'string' ? config.serviceId.replaceAll(' ', '') : undefined;
}
