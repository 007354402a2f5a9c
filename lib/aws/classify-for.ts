import { fieldsOf, messageOf } from '../core/error-fields.js';
import { type Classify, classify } from '../request/classify.js';
import { THROTTLE_WORDS } from '../request/error-names.js';
import { resourceLimitServices } from './quirks/resource-limit-services.js';

/** What the errors of an operation mean, such as `Connect.CreateUser`, where its service differs from all others. */
export function classifyFor(operation: string): Classify {
  const [service = ''] = operation.split('.');
  if (!resourceLimitServices.has(service)) return classify;
  return (error) => (isResourceLimit(error) ? { kind: 'final' } : classify(error));
}

/** Waiting does not help against a limit on resources, but against a rate. */
function isResourceLimit(error: unknown): boolean {
  const fields = fieldsOf(error);
  return fields.name === 'LimitExceededException' && !THROTTLE_WORDS.test(messageOf(fields));
}
