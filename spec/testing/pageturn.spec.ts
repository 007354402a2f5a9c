import { describePager, isLong } from './describe-pager.js';
import { pagers } from './pageturn-pagers.js';

// The long check for a plain listing and for all operators together; npm run test:crash has it for each of them.
const LONG_FOR = [pagers[0], pagers.at(-1)];
for (const pager of pagers) describePager(pager, (check) => !isLong(check) || LONG_FOR.includes(pager));
