import { PageturnError } from '../../core/errors.js';

interface MissingColumnOptions {
  readonly path: string;
  /** The field that is compared. */
  readonly field: string;
  /** The heading that probably means it. */
  readonly heading: string | undefined;
  /** A suggestion, if there is no such heading. */
  readonly hint: string;
}

/** ERR_INVALID_ARGUMENT for a CSV file without a column for a field. */
export class MissingColumn extends PageturnError {
  readonly field: string;
  readonly heading: string | undefined;
  /** What is missing where. */
  readonly what: string;

  constructor({ path, field, heading, hint }: MissingColumnOptions) {
    const what = `${path} has no column ${JSON.stringify(field)}${hint}`;
    super(
      'ERR_INVALID_ARGUMENT',
      `${what}; name its columns: readCsv(path, { columns: { ${field}: '${heading ?? 'heading'}' } })`,
    );
    this.field = field;
    this.heading = heading;
    this.what = what;
  }
}
