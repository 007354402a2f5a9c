import { invalidArgument } from '../core/errors.js';
import { Listing } from '../listing/listing.js';
import { type PlannedStage, withStage } from '../listing/plan.js';

/** A listing with an operator of this room. */
export function withOperator<R>(listing: object, stage: PlannedStage): Listing<R> {
  const plan = Listing.planOf(listing);
  if (!plan) throw invalidArgument('listing', 'a listing of pageturn', listing);
  return new Listing<R>(withStage(plan, stage));
}
