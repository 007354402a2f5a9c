import { describePager, isLong } from './describe-pager.js';
import { pagers } from './pageturn-pagers.js';

for (const pager of pagers) describePager(pager, isLong);
