/** What to use in place of an option of the AWS CLI (version 2) that pageturn does not have. */
const HINTS: Readonly<Record<string, string>> = {
  '--starting-token': 'an unfinished run resumes by itself with --out FILE',
  '--next-token': 'an unfinished run resumes by itself with --out FILE',
  '--max-results': 'use --page-size for the users per request, or --max-items for all of them',
  '--max-items-per-page': 'use --page-size',
  '--no-paginate': 'pageturn always reads page by page; use --max-items to stop earlier',
  '--cli-input-json': 'pass the values as options, such as --instance-id',
  '--cli-input-yaml': 'pass the values as options, such as --instance-id',
  '--generate-cli-skeleton': 'see --help for the options',
  '--cli-auto-prompt': 'see --help for the options',
  '--no-cli-auto-prompt': 'pageturn never prompts; leave it out',
  '--no-cli-pager': 'pageturn never starts a pager; leave it out',
  '--cli-pager': 'pageturn never starts a pager; pipe the output to one',
  '--debug': 'pageturn reports on standard error, and publishes events for programs',
  '--color': 'pageturn writes no colours; leave it out',
  '--cli-read-timeout': 'use --max-elapsed to limit the time that requests are retried',
  '--cli-connect-timeout': 'use --max-elapsed to limit the time that requests are retried',
  '--no-verify-ssl': 'certificates are always verified; set NODE_EXTRA_CA_CERTS to trust another authority',
  '--ca-bundle': 'set NODE_EXTRA_CA_CERTS to the file of the authority',
  '--no-sign-request': 'Amazon Connect accepts signed requests only; leave it out',
  '--cli-binary-format': 'no option takes binary values; leave it out',
  '--cli-error-format': 'an error is one line on standard error; leave it out',
};

/** The hint at pageturn's own option for an option of the AWS CLI; undefined for any other option. */
export function awsFlagHint(flag: string): string | undefined {
  const [name = ''] = flag.split('=');
  return Object.hasOwn(HINTS, name) ? HINTS[name] : undefined;
}
