import { type Command, InvalidArgumentError, Option } from 'commander';
import { connectionOptions, outputOptions } from './command-options.js';
import { names, text } from './parsers.js';

/** The arguments and options of `pageturn diff`. */
export function diffOptions(command: Command): Command {
  const connected = connectionOptions(command, { isInInstance: false });
  return outputOptions(connected)
    .argument('<a>', 'the instance (id, ARN or alias) or the file to compare with', text())
    .argument('<b>', 'the instance or the file whose differences are listed', text())
    .addOption(
      new Option('--key <field>', 'the field by which rows are matched (default: Username)').argParser(
        text(),
      ),
    )
    .addOption(
      new Option('--fields <names>', 'the fields to compare, such as RoutingProfileName,Email').argParser(
        names,
      ),
    )
    .addOption(
      new Option(
        '--headings <fields>',
        'the headings of a CSV file that differ from the fields, such as Username=login,LastName=surname',
      ).argParser(headings),
    )
    .addOption(
      new Option(
        '--delimiter <character>',
        "what separates the cells of a CSV file, such as ';' or '\\t' (default: a comma)",
      ).argParser(delimiter),
    );
}

/** A commander parser for one character, or the name of the tab. */
function delimiter(value: string): string {
  const character = value === String.raw`\t` ? '\t' : value;
  if (/^[^"\r\n]$/.test(character)) return character;
  throw new InvalidArgumentError(String.raw`It must be one character, such as ';' or '\t'.`);
}

/** A commander parser for `Field=heading` with commas between them. */
function headings(value: string): Readonly<Record<string, string>> {
  const pairs = value.split(',').map((pair) => pair.split('='));
  if (pairs.every(([field = '', heading = '', ...rest]) => field && heading && rest.length === 0))
    return Object.fromEntries(pairs.map(([field = '', heading = '']) => [field.trim(), heading.trim()]));
  throw new InvalidArgumentError(
    'It must be fields with their headings, such as Username=login,LastName=surname.',
  );
}
