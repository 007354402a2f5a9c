/** The members of a quota in Service Quotas that matter here. */
export interface AppliedQuota {
  readonly QuotaName?: string | undefined;
  readonly Value?: number | undefined;
  readonly Period?:
    | { readonly PeriodValue?: number | undefined; readonly PeriodUnit?: string | undefined }
    | undefined;
}

/** Adds the rate per second of a quota to `rates`, by operation, if it is the rate of one. */
export function ratesOf({ QuotaName = '', Value, Period }: AppliedQuota, rates: Map<string, number>): void {
  const [, operation] = RATE_NAME.exec(QuotaName) ?? [];
  if (operation === undefined || UNRELIABLE.has(operation) || !(Value !== undefined && Value > 0)) return;
  const { PeriodValue = 1, PeriodUnit = 'SECOND' } = Period ?? {};
  const seconds = SECONDS[PeriodUnit];
  const ratePerSecond = seconds && Value / (PeriodValue * seconds);
  if (ratePerSecond && Number.isFinite(ratePerSecond)) rates.set(`Connect.${operation}`, ratePerSecond);
}

// As Service Quotas names the rates of Amazon Connect, such as L-CCC38177.
const RATE_NAME = /^Rate of ([A-Z]\w+) API requests$/;

/**
 * The console may show 200 for GetMetricDataV2, where 10 applies:
 * https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html#api-throttling-quotas
 */
const UNRELIABLE: ReadonlySet<string> = new Set(['GetMetricDataV2']);

// A quota per hour or longer cannot pace single requests.
const SECONDS: Readonly<Record<string, number | undefined>> = { MILLISECOND: 0.001, SECOND: 1, MINUTE: 60 };
