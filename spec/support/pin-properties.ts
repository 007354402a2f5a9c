import fc from 'fast-check';

/**
 * The same cases in every `npm test`, so that a run says something about the change and not about its luck. The long runs of
 * `npm run test:crash` draw others each time.
 */
fc.configureGlobal({ seed: 20_260_101 });
