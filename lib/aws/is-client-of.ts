/** Whether a value has the shape of an AWS SDK client of a service, such as `S3`; one that names no service is believed. */
export function isClientOf(client: unknown, serviceId: string): boolean {
  const { send, config } = (client ?? {}) as { send?: unknown; config?: { serviceId?: unknown } };
  return typeof send === 'function' && (config?.serviceId ?? serviceId) === serviceId;
}
