/** The commands of the client by name: loaded when they are used, so that a bundle has those only then. */
export async function commandsOf(): Promise<(name: string) => unknown> {
  const sdk = await import('@aws-sdk/client-connect');
  return (name) => Reflect.get(sdk, name);
}
