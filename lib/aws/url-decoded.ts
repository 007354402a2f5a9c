import { PageturnError } from '../core/errors.js';

/**
 * A part of a token as the service expects it back. S3 encodes keys in the output, like a form with `+` for a space, when
 * the request has `EncodingType: 'url'`, and says so in the output:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html#API_ListObjects_ResponseSyntax
 */
export function urlDecoded(output: object, part: unknown): unknown {
  const { EncodingType: encoding } = output as { EncodingType?: unknown };
  if (encoding !== 'url' || typeof part !== 'string') return part;
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch (cause) {
    throw new PageturnError(
      'ERR_PAGE_INVALID',
      'the next token is not URL-encoded, although EncodingType in the response is url; list without EncodingType in the input, or pass a function as next that returns the token',
      { cause },
    );
  }
}
