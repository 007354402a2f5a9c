/**
 * Services whose LimitExceededException has the status 429 of a throttle, but means a limit on resources,
 * such as the number of users of an instance. By the documentation of the exception in their models (botocore 1.43): of
 * all services with that status, API Gateway, AppSync, Lex and SecurityHub mean a rate.
 */
export const resourceLimitServices: ReadonlySet<string> = new Set(['Amplify', 'Connect', 'DLM']);
