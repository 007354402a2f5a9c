import { type Command, Option } from 'commander';
import { wholeNumber } from './parsers.js';
import { userFields } from './user-fields.js';

/** The options of `pageturn users` that decide what is read of each user. */
export function detailsOptions(command: Command): Command {
  return command
    .option('--details', 'read the details of users: everything that SearchUsers has, with names of profiles')
    .addOption(
      new Option(
        '--fields <names>',
        'read these details, in the fewest requests, such as Username,Email,RoutingProfileName',
      ).argParser(userFields),
    )
    .addOption(planOption())
    .addOption(
      new Option(
        '--directory <kind>',
        'for --output connect-import: how the instance manages its users (default: ask it)',
      ).choices(['SAML', 'CONNECT_MANAGED']),
    );
}

/** `--plan`, which `users` and `backup` share. */
export function planOption(): Option {
  return new Option(
    '--plan [users]',
    'show only the requests and the time for that many users; without a number, ask the instance',
  ).argParser(wholeNumber(0));
}
