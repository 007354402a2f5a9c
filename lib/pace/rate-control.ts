/** Decides how close to the estimate of the bucket requests come, and what their outcomes say about the estimate. */
export interface RateControl {
  /** Tokens the estimate must hold for the next request; never rises with time until the next outcome. */
  threshold(now: number): number;
  sent(request: SentRequest): void;
  accepted(request: SentRequest): void;
  /** `resumesAt`: when the next request may be sent at the earliest. */
  throttled(request: SentRequest, resumesAt: number): void;
}

/** A request as the rate control sees it. */
export interface SentRequest {
  readonly sentAt: number;
  /** Tokens the estimate held before the request was sent. */
  readonly believed: number;
  /** Whether there were enough tokens, so that the request did not have to wait. */
  readonly afterRest: boolean;
}
