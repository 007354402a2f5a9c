/** A node of a compiled JMESPath expression. */
export interface Node {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly children?: readonly (Node | null | undefined)[];
}

/** What an expression looks at. */
export interface Reach {
  /**
   * `item`: one item at a time. `list`: all items together, such as `[0]` or `length(@)`. `each of the list`: it begins with
   * the list, but what it makes of an item depends on no other, so that nothing has to be gathered.
   */
  readonly of: 'item' | 'list' | 'each of the list';
  /** Whether it begins with the member of the response that has the list, as for the AWS CLI. */
  readonly isInResponse: boolean;
}

/** Reads from an expression whether it is about an item or about the list of all items. */
export function reachOf(node: Node, listMember: string): Reach {
  const isInResponse = leaves(node).some(({ type, name }) => type === 'Field' && name === listMember);
  if (!isInResponse && !beginsWithList(node)) return { of: 'item', isInResponse };
  return { of: isDistributive(node, listMember) ? 'each of the list' : 'list', isInResponse };
}

/** Whether the value that the expression is applied to must be a list. */
function beginsWithList({ type, name = '', children = [] }: Node): boolean {
  const [left] = children;
  switch (type) {
    case 'Projection':
    case 'FilterProjection':
    case 'Flatten':
    case 'IndexExpression':
      return !left || isRoot(left) || beginsWithList(left);
    case 'Function':
      return children.some(
        (child) => child && ((LIST_FUNCTIONS.has(name) && isRoot(child)) || beginsWithList(child)),
      );
    case 'Subexpression':
    case 'Pipe':
      return left
        ? type === 'Pipe' && isRoot(left) && children[1]
          ? beginsWithList(children[1])
          : beginsWithList(left)
        : false;
    case 'MultiSelectList':
    case 'MultiSelectHash':
    case 'Comparator':
    case 'OrExpression':
    case 'AndExpression':
    case 'NotExpression':
      return children.some((child) => child && beginsWithList(partOf(child)));
    default:
      return false;
  }
}

/** The functions that take a list and make little sense for the members of one item. */
const LIST_FUNCTIONS = new Set([
  'avg',
  'length',
  'map',
  'max',
  'max_by',
  'min',
  'min_by',
  'reverse',
  'sort',
  'sort_by',
  'sum',
]);

/** Whether the result for a list is the results for its items, one after the other. */
function isDistributive(node: Node, listMember: string): boolean {
  const [left] = node.children ?? [];
  if (isRoot(node)) return true;
  if (node.type === 'Field') return node.name === listMember;
  if (!left || !['Projection', 'FilterProjection', 'Flatten'].includes(node.type)) return false;
  return isDistributive(left, listMember);
}

function isRoot({ type }: Node): boolean {
  return type === 'Identity' || type === 'Current';
}

/** The nodes that the value at the root is given to first. */
function leaves(node: Node): Node[] {
  const children = (node.children ?? []).filter((child) => child !== null && child !== undefined);
  if (children.length === 0) return [node];
  // What comes after a dot, a pipe or a projection sees what is before it.
  const isChain = [
    'Projection',
    'FilterProjection',
    'ValueProjection',
    'Flatten',
    'IndexExpression',
    'Subexpression',
    'Pipe',
  ];
  const [left] = children;
  return (isChain.includes(node.type) && left ? [left] : children).flatMap((child) => leaves(partOf(child)));
}

/** The value of a pair in `{a: b}`. */
function partOf(node: Node): Node {
  return node.type === 'KeyValuePair' ? (node.value as Node) : node;
}
