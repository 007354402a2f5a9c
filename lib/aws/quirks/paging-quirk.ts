/** How an operation is paged, where its schema does not show it. Paths are those of `readPath`. */
export interface PagingQuirk {
  /** Where the token goes in the input and where the next one is in the output, part by part. */
  readonly token?: string | readonly string[];
  readonly next?: string | readonly string[];
  readonly items?: string;
  readonly pageSizeKey?: string;
  /** Sent if the caller sends none: without a size, these services return one page and no token. */
  readonly pageSize?: number;
  /** Members of the input that the service refuses together with a token. */
  readonly firstPageOnly?: readonly string[];
  /** Parts of the token that are URL-encoded when the output says `EncodingType: 'url'`, and are expected decoded. */
  readonly urlEncoded?: readonly string[];
}
