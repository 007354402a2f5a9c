import { PageturnError } from '../../core/errors.js';
import { quoted } from '../../core/quoted.js';

interface MissingColumnOptions {
  readonly path: string;
  /** The field that is compared. */
  readonly field: string;
  /** The heading that probably means it. */
  readonly heading: string | undefined;
  /** What probably separates the cells instead, such as `;` or `\\t`. */
  readonly delimiter: string | undefined;
  /** A suggestion, if there is no such heading. */
  readonly hint: string;
}

/** ERR_INVALID_ARGUMENT for a CSV file without a column for a field. */
export class MissingColumn extends PageturnError {
  readonly field: string;
  readonly heading: string | undefined;
  readonly delimiter: string | undefined;
  /** What is missing where. */
  readonly what: string;

  constructor({ path, field, heading, delimiter, hint }: MissingColumnOptions) {
    const what = `${path} has no column ${quoted(field)}${hint}`;
    const advice =
      delimiter === undefined
        ? `name its columns: readCsv(path, { columns: { ${field}: '${heading ?? 'heading'}' } })`
        : `pass its delimiter: readCsv(path, { delimiter: '${delimiter}' })`;
    super('ERR_INVALID_ARGUMENT', `${what}; ${advice}`);
    this.field = field;
    this.heading = heading;
    this.delimiter = delimiter;
    this.what = what;
  }
}
