/** The largest share of items or rows that may be removed before it looks like a mistake. */
export const MAX_REMOVED_SHARE = 0.2;
