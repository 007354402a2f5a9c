/** The members of an operation as the generated table has them. */
export interface MemberText {
  readonly input: string;
  /** Undefined if the items are text. */
  readonly item?: string;
  readonly times?: string;
}

/** A member of an input or of an item. */
export interface Member {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'flag' | 'time' | 'list' | 'object';
  readonly isRequired: boolean;
}

/** Reads one text of the table. */
export function parseMembers(text: string): readonly Member[] {
  if (text === '') return [];
  return text.split(' ').map((member) => {
    const [, name = '', kind = 'text', mark] = /^(\w+)(?::(\w+))?(!)?$/.exec(member) ?? [];
    return { name, kind: kind as Member['kind'], isRequired: mark !== undefined };
  });
}
