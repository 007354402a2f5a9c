import type { S3Client } from '@aws-sdk/client-s3';
import { loadClient, SILENT_LOGGER } from './load-client.js';

interface BucketClientOptions {
  readonly region: string | undefined;
  readonly profile: string | undefined;
}

/** A client for the bucket of `--out`, wherever it is. */
export async function openBucketClient({ region, profile }: BucketClientOptions): Promise<S3Client> {
  await loadClient('@aws-sdk/lib-storage', () => import('@aws-sdk/lib-storage'));
  const { S3Client } = await loadClient('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
  return new S3Client({
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    followRegionRedirects: true,
    logger: SILENT_LOGGER,
  });
}
