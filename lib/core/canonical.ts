/** Receives a value that is not plain data and its path, such as `input.filter.team`; may throw. */
type OnForeign = (value: unknown, path: string) => void;

export interface CanonicalOptions {
  readonly onForeign?: OnForeign;
  /** The path of the value itself. */
  readonly path?: string;
  /** The objects around the value, each with its depth. */
  readonly around?: Map<object, number>;
}

/** A list or an object of which a part is written. */
interface Container {
  readonly value: object;
  readonly path: string;
  readonly members: readonly Member[];
  readonly end: string;
  next: number;
}

interface Member {
  readonly name: string | number;
  /** What stands in front of the value. */
  readonly start: string;
  readonly value: unknown;
}

/**
 * A text that is the same for equal values: JSON with sorted keys, extended by what JSON cannot express. Bytes are the
 * same in every view, maps and sets in every order, and -0 is 0. Members that are undefined, functions or symbols do not
 * count. A value that is not plain data is its `toJSON`, or its enumerable members.
 */
export function canonical(root: unknown, options: CanonicalOptions = {}): string {
  const { onForeign, path: rootPath = '', around = new Map<object, number>() } = options;
  // A stack of its own: what comes from a network may be nested deeper than calls can be.
  const stack: Container[] = [];
  let text = start(root, rootPath);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const member = top.members[top.next++];
    if (member) {
      text += member.start + start(member.value, `${top.path}.${member.name}`);
    } else {
      text += top.end;
      around.delete(top.value);
      stack.pop();
    }
  }
  return text;

  function start(value: unknown, path: string): string {
    if (isCode(value)) onForeign?.(value, path);
    if (typeof value !== 'object' || value === null) return primitive(value);
    const depth = around.get(value);
    if (depth !== undefined) return `^${depth}`;
    if (isPlainObject(value)) return open(value, path);
    const bytes = bytesOf(value);
    if (bytes) return bytes;
    if (isOfSubclass(value)) onForeign?.(value, path);
    if (Array.isArray(value)) return open(value, path);
    if (is(value, Date.prototype.getTime)) return `Date(${Date.prototype.getTime.call(value)})`;
    if (is(value, Map.prototype.keys)) return `Map${unordered(value as Map<unknown, unknown>, path)}`;
    if (is(value, Set.prototype.keys)) return `Set${unordered(value as Set<unknown>, path)}`;
    onForeign?.(value, path);
    if (value instanceof RegExp) return String(value);
    const { toJSON } = value as { toJSON?: unknown };
    return open(value, path, typeof toJSON === 'function' ? toJSON.call(value) : value);
  }

  function open(value: object, path: string, content: unknown = value): string {
    if (typeof content !== 'object' || content === null) return primitive(content);
    const [members, [first, end]] = Array.isArray(content)
      ? ([elements(content), '[]'] as const)
      : ([properties(content, onForeign !== undefined), '{}'] as const);
    around.set(value, around.size);
    stack.push({ value, path, members, end: end as string, next: 0 });
    return first as string;
  }

  /** The members have numbers for names: the keys of a map are data, which may not stand in a message. */
  function unordered(value: Map<unknown, unknown> | Set<unknown>, path: string): string {
    around.set(value, around.size);
    const texts = [...value].map((member, nth) =>
      canonical(member, { ...options, path: `${path}.${nth}`, around }),
    );
    around.delete(value);
    return `[${texts.sort()}]`;
  }
}

/** What JSON does not have, as text that is not JSON. */
function primitive(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  return isCode(value) ? typeof value : String(value);
}

function elements(list: readonly unknown[]): Member[] {
  return Array.from(list, (value, name) => ({ name, start: name === 0 ? '' : ',', value }));
}

function properties(value: object, withCode: boolean): Member[] {
  const members: Member[] = [];
  for (const name of Object.keys(value).sort()) {
    const inner: unknown = value[name as keyof typeof value];
    if (inner === undefined || (isCode(inner) && !withCode)) continue;
    members.push({ name, start: `${members.length === 0 ? '' : ','}${JSON.stringify(name)}:`, value: inner });
  }
  return members;
}

/** Whether a value is a function or a symbol. */
export function isCode(value: unknown): value is symbol | ((...args: never) => unknown) {
  return typeof value === 'function' || typeof value === 'symbol';
}

/** An object literal of any realm, or an object without a prototype. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.hasOwn(prototype, 'isPrototypeOf');
}

/** Whether its class extends another one, such as Map, and may hold more than that one does. */
function isOfSubclass(value: object): boolean {
  return !isPlainObject(Object.getPrototypeOf(value) as object);
}

/** Whether a value is what a method of a built-in class works on: a proxy, or an object that only inherits, is not. */
function is(value: object, method: () => unknown): boolean {
  try {
    method.call(value);
    return true;
  } catch {
    return false;
  }
}

function bytesOf(value: object): string | undefined {
  const view = ArrayBuffer.isView(value) ? value : isBuffer(value) && new DataView(value);
  if (!view) return undefined;
  const kind = Object.prototype.toString.call(view).slice(8, -1);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return `${kind === 'DataView' ? 'Uint8Array' : kind}[${bytes.join()}]`;
}

function isBuffer(value: object): value is ArrayBuffer {
  return is(value, () => new DataView(value as ArrayBuffer));
}
