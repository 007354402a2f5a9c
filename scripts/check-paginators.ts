/**
 * Resolves how every paged operation of about 50 AWS clients is paged, from the schemas of their commands, and compares it
 * with the paginators of botocore. Fails if one differs. Run it: npm run check:paginators [-- FOLDER], where FOLDER has the
 * clients in its node_modules; without it, npm installs them into a temporary folder (700 MB).
 */
import { pagingQuirkOf } from '../lib/aws/quirks/paging-quirk-of.js';
import { comparePaginator, type Outcome } from './compare-paginator.js';
import { isKnownByName } from './is-known-by-name.js';
import { CLIENTS, loadClients } from './paginated-clients.js';
import { type Paginator, readPaginators } from './read-paginators.js';

const clients = new Map((await loadClients(process.argv[2])).map((entry) => [entry.service, entry]));
const outcomes = readPaginators().map((paginator): Outcome => {
  const entry = clients.get(paginator.service);
  return entry ? comparePaginator(entry, paginator) : byName(paginator);
});

for (const kind of ['wrong', 'refused'] as const) {
  for (const { name, kind: which, why } of outcomes)
    if (which === kind) console.log(`${kind}: ${name}: ${why}`);
}
console.log(`\n${outcomes.length} paginators of botocore; ${CLIENTS.length} clients`);
const kinds = [
  ['exact', 'exact'],
  ['refused', 'refused, with an error that names what is missing'],
  ['wrong', 'wrong'],
  ['absent', 'not in the client'],
  ['named', 'of other clients, by names that are known'],
  ['unnamed', 'of other clients, by names that are not known'],
] as const;
for (const [kind, text] of kinds) {
  console.log(`${String(outcomes.filter((outcome) => outcome.kind === kind).length).padStart(6)} ${text}`);
}
process.exitCode = outcomes.some(({ kind }) => kind === 'wrong' || kind === 'unnamed') ? 1 : 0;

function byName(paginator: Paginator): Outcome {
  const { service, operation } = paginator;
  const isQuirk = pagingQuirkOf(service.replaceAll(' ', ''), operation).next !== undefined;
  const kind = isQuirk || isKnownByName(paginator) ? 'named' : 'unnamed';
  return { name: `${service}.${operation}`, kind };
}
