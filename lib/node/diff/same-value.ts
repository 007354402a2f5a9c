import { canonical } from '../../core/canonical.js';

interface SameValueOptions {
  /** Whether the order of a list matters. */
  readonly isOrdered: boolean;
}

/**
 * Whether two values of a field are the same. A blank text, an empty list and a missing value are. Lists of texts are
 * compared without their order, unless it matters. A text, which is all that a CSV file has, is read as the type of the
 * other value: `true` and `yes` for a flag, numbers, ISO 8601 for a date, JSON or `A|B` for a list.
 */
export function sameValue(one: unknown, other: unknown, { isOrdered }: SameValueOptions): boolean {
  if (isBlank(one) || isBlank(other)) return isBlank(one) && isBlank(other);
  if (typeof one === 'string' && typeof other !== 'string') return sameAsText(other, one, isOrdered);
  if (typeof other === 'string' && typeof one !== 'string') return sameAsText(one, other, isOrdered);
  return contentOf(one, isOrdered) === contentOf(other, isOrdered);
}

function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0;
}

function contentOf(value: unknown, isOrdered: boolean): string {
  return canonical(isTexts(value) && !isOrdered ? [...value].sort() : value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function sameAsText(value: unknown, text: string, isOrdered: boolean): boolean {
  if (typeof value === 'boolean') return FLAGS[text.trim().toLowerCase()] === value;
  if (typeof value === 'number') return text.trim() !== '' && Number(text) === value;
  if (value instanceof Date) return Date.parse(text) === value.getTime();
  const json = jsonOf(text);
  if (json !== undefined) return contentOf(value, isOrdered) === contentOf(json, isOrdered);
  if (!isTexts(value)) return false;
  // As the template of the console writes names, and as most exports do.
  const names = text.split(/[|;]/).map((name) => name.trim());
  return contentOf(value, isOrdered) === contentOf(names, isOrdered);
}

const FLAGS: Readonly<Record<string, boolean | undefined>> = {
  true: true,
  yes: true,
  false: false,
  no: false,
};

function jsonOf(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
