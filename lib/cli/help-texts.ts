// The texts below the options in the help of the program and of each command.

const EXIT_CODES =
  'Exit codes: 0 complete, or stopped at --max-items; 1 failed; 2 usage error; 129, 130, 143 ended by a signal.';

export const PROGRAM_HELP = `
For the options of a command, run pageturn COMMAND --help.
${EXIT_CODES}

Examples:
  pageturn users --sandbox
  pageturn users --instance-id ID --filter '*@acme.com' --output json
  pageturn changes --instance-id ID --since users.snapshot --update`;

export const USERS_HELP = `
Records go to standard output or the --out file; progress and the summary go to standard error.
With --resume, rerun the same command to continue after an interruption, a failure or a kill. It needs --out, or
standard output redirected to a file. With --out, every user is in the file exactly once; without, users may be
there twice after a kill, and a finished command starts over when it is rerun.
On a terminal, --sandbox shows only the first users.
${EXIT_CODES}

Examples:
  pageturn users --sandbox
  pageturn users --instance-id ID | head -3
  pageturn users --instance-id ID --resume users.checkpoint --out users.ndjson`;

export const CHANGES_HELP = `
A change is {"type", "key", "item"}, with "previous" if the user was updated. With --update the snapshot
is replaced once all changes are written; if anything fails, it stays unchanged. If more than 20 % of its
users were removed, --update reports nothing and fails, unless --allow-removals is given.
${EXIT_CODES}

Examples:
  pageturn changes --instance-id ID --since users.snapshot --update    takes the first snapshot
  pageturn changes --instance-id ID --since users.snapshot | jq -r 'select(.type == "added").item.Username'`;
