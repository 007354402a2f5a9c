import type { PacersOptions } from '../../pace/pacers.js';

/** The documented request quotas of AWS services by service id, each as the options of its pacers. */
export const documentedQuotas: Readonly<Record<string, PacersOptions | undefined>> = {
  // "API throttling quotas", per account, Region and operation; an account's own may differ:
  // https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html#api-throttling-quotas
  Connect: {
    ratePerSecond: 2,
    burst: 5,
    operations: {
      'Connect.GetCurrentMetricData': { ratePerSecond: 5, burst: 8 },
      'Connect.GetMetricData': { ratePerSecond: 5, burst: 8 },
      'Connect.GetMetricDataV2': { ratePerSecond: 10, burst: 10 },
      'Connect.ListContactEvaluations': { ratePerSecond: 3, burst: 5 },
      'Connect.ListContactReferences': { ratePerSecond: 10, burst: 15 },
      'Connect.ListEvaluationForms': { ratePerSecond: 3, burst: 5 },
      'Connect.ListEvaluationFormVersions': { ratePerSecond: 3, burst: 5 },
      'Connect.ListIntegrationAssociations': { ratePerSecond: 25, burst: 50 },
      'Connect.SearchContactEvaluations': { ratePerSecond: 3, burst: 5 },
      'Connect.SearchContacts': { ratePerSecond: 0.5, burst: 1 },
      'Connect.SearchEvaluationForms': { ratePerSecond: 3, burst: 5 },
    },
  },
};
