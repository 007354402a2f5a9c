import { didYouMean } from '../../core/did-you-mean.js';
import { usageError } from '../cli-error.js';
import { plural } from '../format.js';
import type { Node, Reach } from './reach-of.js';

interface AssertMembersOptions {
  readonly reach: Reach;
  readonly noun: string;
  /** The members that items may have. */
  readonly members: readonly string[];
  /** The member of the service's response with the items. */
  readonly listMember: string;
}

/**
 * Throws a usage error, with a suggestion, for a member that no item has: its value would be null in every row. Looks at
 * members of the items themselves, and not at what an expression makes of them.
 */
export function assertMembers(node: Node, { reach, noun, members, listMember }: AssertMembersOptions): void {
  const used = new Set<string>();
  const root = reach.isInResponse ? 'response' : reach.of === 'item' ? 'item' : 'list';
  new Reader(listMember, (name) => used.add(name)).read(node, root);
  const unknown = [...used].find((name) => !members.includes(name));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, members);
  throw usageError(
    `--query: ${plural(noun)} have no member ${unknown}${hint}; they have ${members.join(', ')}`,
  );
}

/** What a part of an expression is applied to, or results in. */
type Subject = 'response' | 'list' | 'item' | 'other';

/** Follows the items through an expression, and reports which of their members it reads. */
class Reader {
  readonly #listMember: string;
  readonly #report: (member: string) => void;

  constructor(listMember: string, report: (member: string) => void) {
    this.#listMember = listMember;
    this.#report = report;
  }

  read({ type, name = '', value, children = [] }: Node, subject: Subject): Subject {
    const [left, right, condition] = children;
    switch (type) {
      case 'Identity':
      case 'Current':
        return subject;
      case 'Field':
        if (subject === 'item') this.#report(name);
        return subject === 'response' && name === this.#listMember ? 'list' : 'other';
      case 'Subexpression':
      case 'Pipe':
        return this.#readAll([right], this.#readAll([left], subject));
      case 'IndexExpression':
        return this.#indexed(right, this.#readAll([left], subject));
      case 'Flatten':
        return this.#readAll([left], subject) === 'list' ? 'list' : 'other';
      case 'Projection':
      case 'FilterProjection': {
        const each = this.#readAll([left], subject) === 'list' ? 'item' : 'other';
        if (condition) this.#readAll([condition], each);
        return this.#readAll([right], each) === 'item' ? 'list' : 'other';
      }
      case 'ValueProjection':
        this.#readAll([left], subject);
        return 'other';
      case 'KeyValuePair':
        return this.#readAll([value as Node], subject);
      case 'Function':
        return this.#called(name, children, subject);
      case 'Literal':
      case 'Index':
      case 'Slice':
        return 'other';
      default:
        for (const child of children) this.#readAll([child], subject);
        return 'other';
    }
  }

  /** Reads nodes of which some may be missing; the subject is that of the last. */
  #readAll(nodes: readonly (Node | null | undefined)[], subject: Subject): Subject {
    return nodes.reduce<Subject>((last, node) => (node ? this.read(node, subject) : last), subject);
  }

  #indexed(index: Node | null | undefined, subject: Subject): Subject {
    if (subject !== 'list') return 'other';
    return index?.type === 'Slice' ? 'list' : 'item';
  }

  /** The items are still those after sorting; a function such as `sort_by` applies its expression to each. */
  #called(name: string, parameters: Node['children'] = [], subject: Subject): Subject {
    const subjects = parameters.map((node) =>
      node && node.type !== 'ExpressionReference' ? this.read(node, subject) : 'other',
    );
    const hasList = subjects.includes('list');
    for (const node of parameters) {
      if (node?.type === 'ExpressionReference')
        this.#readAll(node.children ?? [], hasList ? 'item' : 'other');
    }
    if (!hasList) return 'other';
    if (LIST_TO_LIST.includes(name)) return 'list';
    return LIST_TO_ITEM.includes(name) ? 'item' : 'other';
  }
}

const LIST_TO_LIST = ['sort_by', 'reverse', 'to_array', 'not_null'];
const LIST_TO_ITEM = ['max_by', 'min_by'];
