import { describeKilledRuns } from './killed-runs.js';

// More of them, or others: PAGETURN_KILLS=300 PAGETURN_SEED=7 npm run test:crash
const { PAGETURN_KILLS = '100', PAGETURN_SEED = '1' } = process.env;
describeKilledRuns({ kills: Number(PAGETURN_KILLS), seed: Number(PAGETURN_SEED) });
