import { describeDisturbedRuns } from './disturbed-runs.js';

// More of them, or others: PAGETURN_DISTURBANCES=300 PAGETURN_SEED=7 npm run test:crash
const { PAGETURN_DISTURBANCES = '60', PAGETURN_SEED = '1' } = process.env;
describeDisturbedRuns({ runs: Number(PAGETURN_DISTURBANCES), seed: Number(PAGETURN_SEED) });
