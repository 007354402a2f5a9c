// The texts below the options in the help of the program and of each command.

export const EXIT_CODES = 'Exit codes: 0 done; 1 failed; 2 usage error; 129, 130, 143 ended by a signal.';

export const PROGRAM_HELP = `
For the options of a command, run pageturn COMMAND --help.
${EXIT_CODES}

Examples:
  pageturn users --sandbox
  pageturn instances
  pageturn users --instance-id ID --out users.csv
  pageturn find li.wei@acme.com --instance-id ID
  pageturn list queues --instance-id ID --out queues.csv
  pageturn changes --instance-id ID --since users.snapshot --update`;

export const USERS_HELP = `
Users go to standard output or the --out file; progress and the summary go to standard error.

With --out, the file is replaced when all users have been read, so it is always complete. Until then the users are
kept in FILE.spool. After an interruption, a failure or a kill, run the same command again to resume; every user is
in the file exactly once. --restart discards an unfinished run.

Formats are csv, ndjson, json, parquet (with npm install hyparquet-writer), text (tab-separated, without a
header) and table. By default the ending of --out decides: .csv, .ndjson, .jsonl, .json, .parquet or .txt. In csv,
text that a spreadsheet would run as a formula gets a leading apostrophe.

--out s3://BUCKET/KEY.csv uploads an object, whole or not at all, with the same credentials (and with
npm install @aws-sdk/client-s3 @aws-sdk/lib-storage). Until the upload, the users are kept on this machine.

--query applies to all users as one list if the expression begins with a list, such as [?Username=='x'].Id, [0] or
length(@). Otherwise it applies to each user: Username, [Id, Username], {id: Id}.

--fields reads details in the fewest requests: one per 500 users, or one per user for Email, Mobile, SecondaryEmail,
and for LastModifiedTime together with other details. --plan shows the requests and the time of each way. --filter,
--modified-since and --max-items select the users first. The columns are the fields, which are those of
https://docs.aws.amazon.com/connect/latest/APIReference/API_User.html, with names as well as ids:
RoutingProfileName, SecurityProfileNames, HierarchyGroupName, HierarchyPath.

--failed FILE lets the run continue if the details of single users cannot be read. Missing permissions still end it.
With --only FILE, the next run reads only those users; pass another file as --out.

To list all instances of several Regions at once, repeat --region and leave out --instance-id; each row begins with
AccountId, Region, InstanceId and InstanceAlias.

--output connect-import writes the console's template for adding users, with the columns that the instance needs.

With --resume FILE, redirect standard output to a file with >>. After a kill, it may contain users twice.
${EXIT_CODES}
With --max-items, 0 means that this many users were written; the receipt says whether there are more.

Examples:
  pageturn users --instance-id ID --out users.csv --columns Id,Username --receipt users.receipt.json
  pageturn users --instance-id ID --filter '*@acme.com' --modified-since 7d --output text
  pageturn users --instance-id ID --fields Username,RoutingProfileName,SecurityProfileNames --out audit.csv
  pageturn users --fields Username,Email --plan 44000
  pageturn users --instance-id ID --query Username --output text | head -3`;

export const INSTANCES_HELP = `
Pass the id, the ARN or the alias to other commands as --instance-id. Repeat --region to list the instances of
several Regions; each row has its Region and account. Options work as for pageturn users.
${EXIT_CODES}

Examples:
  pageturn instances
  pageturn instances --region eu-central-1 --region us-east-1 --out instances.csv
  pageturn instances --query "[?InstanceStatus=='ACTIVE'].Id" --output text`;

export const FIND_HELP = `
Exit codes: 0 found; 1 not found or failed; 2 usage error; 129, 130, 143 ended by a signal.
If several users have the name, the command fails and prints their ids. A user created a moment ago may not be
found yet. The row is the one that SearchUsers returns, with AfterContactWorkTimeLimit in milliseconds. To look up
more than a few users, list all users once.

Examples:
  pageturn find li.wei@acme.com --instance-id ID
  pageturn find li.wei@acme.com --instance-id ID --columns Id --output text`;

export const COUNT_HELP = `
Reads 40 lists, four at a time, each at the pace of its own quota. A list that cannot be read to the end has an error
instead of a count, and the exit code is 1; the others are counted.

The account's quotas come from Service Quotas, with npm install @aws-sdk/client-service-quotas and the permission
servicequotas:ListServiceQuotas; without them, the documented ones are used. quotaFrom shows where a quota is from.
The queues of agents are left out, because they do not count against the quota.
${EXIT_CODES}

Examples:
  pageturn count --instance-id ID
  pageturn count --instance-id ID --out counts.csv --columns resource,count,quota`;

export const BACKUP_HELP = `
Reads 62 lists, four at a time, each at the pace of its own quota, and writes FOLDER/users.ndjson,
FOLDER/queues.ndjson and so on. Users, queues, routing profiles and others include their details. FOLDER/receipt.json
records what was done, and pageturn verify compares the files with it. To resume a backup that was interrupted or
killed, run the same command again. This also works with --sandbox, whose users are the same each time.

Lists that belong to one queue, profile, flow, table and so on, such as the queues of a routing profile, take a
request for each of these: 100 flows take 48 s at the documented 2 requests a second. --per-user adds the
proficiencies of each user: 10,000 users take 83 minutes. --plan shows the requests and the time in advance. Lists
that need a contact or a time are not included; receipt.json names them.

If a list cannot be read, its file from an earlier backup stays; the others are written, and the exit code is 1. A
folder that has an unfinished backup of another instance is refused.
${EXIT_CODES}

Examples:
  pageturn backup instance --instance-id ID
  pageturn backup instance --plan 5000
  pageturn backup instance --sandbox
  pageturn diff instance/users.ndjson ID`;

export const DIFF_HELP = `
A and B are instances (an id, ARN or alias) or files (.csv, .ndjson, or a snapshot). Names of profiles and hierarchy
groups are compared, not ids. Pass --region once for both instances, or twice: for A and for B. Both sides are read
to the end before anything is written. Duplicate and missing keys are reported.

A row says that a user was added or removed, or which field changed, before and after; in ndjson and json it also
has the users. By default, the columns of a CSV file are compared, otherwise names, profiles, hierarchy and phone
settings. Email and Mobile in --fields take a request per user.
${EXIT_CODES} Differences are not a failure.

Examples:
  pageturn diff acme-contact-center acme-staging --sandbox 500
  pageturn diff acme-prod acme-dr --region us-east-1 --region us-west-2 --out differences.csv
  pageturn diff people.csv acme-prod --headings Username=login,LastName=surname
  pageturn diff users.snapshot acme-prod --fields FirstName,LastName`;

export const CHANGES_HELP = `
A change is {"type", "key", "item"}, with "previous" if the user was updated. With --update, the snapshot is
replaced once all changes are written; if anything fails, it stays unchanged. If more than 20 % of its users were
removed, --update reports nothing and fails, unless you pass --allow-removals. --filter selects the changes to
write; the snapshot always has all users.
${EXIT_CODES}

Examples:
  pageturn changes --instance-id ID --since users.snapshot --update    # the first time: takes a snapshot
  pageturn changes --instance-id ID --since users.snapshot --out changes.csv --columns type,Username
  pageturn changes --instance-id ID --since users.snapshot | jq -r 'select(.type == "added").item.Username'`;

export const VERIFY_HELP = `
Compares size, SHA-256 digest and number of rows. Sends nothing and reads no credentials.
Exit codes: 0 the file matches its receipt; 1 it does not, or it cannot be compared; 2 usage error or no such file.

Examples:
  pageturn users --instance-id ID --out users.csv --receipt users.receipt.json && pageturn verify users.receipt.json
  pageturn backup instance --instance-id ID && pageturn verify instance/receipt.json`;

export const ENQUEUE_HELP = `
Each instance is one job, added once per run; adding it again changes nothing and is reported. Workers (pageturn
worker, on any number of machines) write the users to --out, with their own credentials. A relative path is relative
to the folder in which the worker runs; for several machines, use a shared folder or S3.

A job that fails is retried for ten minutes. After that it stays in the queue as failed; --retry runs it again.
${EXIT_CODES}

Examples:
  pageturn enqueue --sandbox --instances 30 --out 'users-{instance}.csv'
  pageturn enqueue --redis redis://HOST:6379 --instance-id ID --instance-id ID --out 's3://exports/{instance}.parquet'`;

export const WORKER_HELP = `
SIGTERM and Ctrl-C stop the worker's jobs where they are and hand them to other workers at once. If a worker is
killed, another one resumes its jobs within ten seconds. Workers need npm install bullmq ioredis.
${EXIT_CODES}

Examples:
  pageturn worker --concurrency 10
  pageturn worker --redis redis://HOST:6379 --until-empty`;
