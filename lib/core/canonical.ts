/** The name of a type, and the content of one value of it. */
export type TypedContent = readonly [type: string, content: unknown];

/**
 * Receives a value that is not plain data and its path, such as `input.filter.team`; returns its content or throws. Of a
 * member that the text does not show, or that may change, it receives what is odd about the member instead of its value.
 */
type OnNotPlain = (value: unknown, path: string, oddity?: string) => TypedContent | undefined;

/** A list or an object that has been written in part. */
interface Container {
  readonly value: object;
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly names: readonly string[];
  readonly isList: boolean;
  next: number;
}

/**
 * A text that is the same for equal values: JSON with sorted keys, extended by what JSON cannot express. Bytes are the
 * same in every view, and -0 is 0. Members that are undefined, functions or symbols do not count. A value that is not
 * plain data is its `toJSON`, or its enumerable members.
 */
export function canonical(root: unknown, onNotPlain?: OnNotPlain, rootPath = ''): string {
  // Not recursive: values from a network may be nested deeper than the call stack allows.
  const stack: Container[] = [];
  /** The objects around a value, each with its depth. */
  const around = new Map<object, number>();
  let text = '';
  add(root, rootPath);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const name = top.names[top.next];
    if (name !== undefined) {
      text += (top.next++ === 0 ? '' : ',') + (top.isList ? '' : `${JSON.stringify(name)}:`);
      add(top.content[name], `${top.path}.${name}`);
    } else {
      text += top.isList ? ']' : '}';
      around.delete(top.value);
      stack.pop();
    }
  }
  return text;

  function add(value: unknown, path: string): void {
    if (isCode(value)) onNotPlain?.(value, path);
    const depth = around.get(value as object);
    if (depth !== undefined) text += `^${depth}`;
    else if (typeof value !== 'object' || value === null) text += primitive(value);
    else if (isPlainObject(value)) {
      if (onNotPlain) refuseOddMembers(value, path, onNotPlain);
      open(value, path, value);
    } else {
      const builtIn = readBuiltIn(value, onNotPlain !== undefined);
      if (builtIn && onNotPlain) refuseOddMembers(value, path, onNotPlain);
      const [type, content] = builtIn ?? onNotPlain?.(value, path) ?? ['', shownBy(value)];
      text += type;
      open(value, path, content);
    }
  }

  function open(value: object, path: string, shown: unknown): void {
    if (typeof shown !== 'object' || shown === null) {
      text += primitive(shown);
      return;
    }
    const isList = Array.isArray(shown);
    const content = (isList ? Array.from(shown) : shown) as Container['content'];
    const isCounted = (one: unknown) => one !== undefined && (onNotPlain || !isCode(one));
    const names = Object.keys(content);
    text += isList ? '[' : '{';
    around.set(value, around.size);
    stack.push({
      value,
      path,
      content,
      names: isList ? names : names.filter((name) => isCounted(content[name])).sort(),
      isList,
      next: 0,
    });
  }
}

/** Calls back for each member that {@link canonical} does not show, or reads by a getter. */
export function refuseOddMembers(value: object, path: string, onNotPlain: OnNotPlain): void {
  for (const name of Reflect.ownKeys(value)) {
    const oddity = oddityOf(value, name);
    if (oddity) onNotPlain(undefined, `${path}.${String(name)}`, oddity);
  }
}

function oddityOf(value: object, name: string | symbol): string | undefined {
  const isList = Array.isArray(value);
  if (isList && name === 'length') return undefined;
  if (typeof name === 'symbol') return 'a member whose name is a symbol';
  const { enumerable, get, set } = Object.getOwnPropertyDescriptor(value, name) ?? {};
  if (get || set) return 'a getter or setter';
  if (!enumerable) return 'a member that is not enumerable';
  if (isPlainObject(value) || ((isList || ArrayBuffer.isView(value)) && INDEX.test(name))) return undefined;
  return 'a member of a list, bytes, a Date, a Map or a Set';
}

const INDEX = /^\d+$/;

/** Whether a value is a function or a symbol. */
export function isCode(value: unknown): boolean {
  return typeof value === 'function' || typeof value === 'symbol';
}

/** An object literal of any realm (a worker, a vm context, a test runner), or an object without a prototype. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null) return true;
  // A class may have a member of this name, too.
  return Object.hasOwn(prototype, 'isPrototypeOf') && Object.getPrototypeOf(prototype) === null;
}

/** Values that JSON cannot express become text that is not valid JSON. */
function primitive(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  return isCode(value) ? typeof value : String(value);
}

/** The type and the content of a list, bytes, a Date, a Map or a Set; undefined for any other object. */
function readBuiltIn(value: object, isStrict: boolean): TypedContent | undefined {
  try {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(value) ? value : new DataView(value);
      const type = 'length' in value ? Object.prototype.toString.call(value) : '[object Uint8Array]';
      return [type, [new Uint8Array(buffer, byteOffset, byteLength).join()]];
    }
    // An instance of a subclass may hold more.
    if (isStrict && !isPlainObject(Object.getPrototypeOf(value) as object)) return undefined;
    if (Array.isArray(value)) return ['', value];
    if (value instanceof Date) return ['Date', [value.getTime()]];
    if (value instanceof Map) return ['Map', [...value]];
    if (value instanceof Set) return ['Set', [...value]];
  } catch {
    // A proxy, or an object that only inherits from a built-in.
  }
  return undefined;
}

function shownBy(value: object): unknown {
  if (value instanceof RegExp) return [String(value)];
  return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value;
}
