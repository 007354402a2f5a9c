/** A name of this process that helps to find it: in a Lambda function, the log stream of the execution environment. */
export function holderName(): string {
  const { env = {}, pid } = globalThis.process ?? {};
  const { AWS_LAMBDA_FUNCTION_NAME: lambda, AWS_LAMBDA_LOG_STREAM_NAME: stream, HOSTNAME: host } = env;
  if (lambda) return `Lambda function ${lambda}${stream ? ` (log stream ${stream})` : ''}`;
  return host ? `process ${pid} on ${host}` : `process ${pid}`;
}
