import { CliError } from '../cli-error.js';

/** Loads a package of the AWS SDK, without what it prints about itself. */
export async function loadClient<M>(name: string, load: () => Promise<M>): Promise<M> {
  process.env[QUIET_SDK] ??= 'true';
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(name)) throw error;
    throw new CliError(`the AWS client is not installed: npm install ${name}`, 1, error);
  }
}

/** With --profile and keys in the environment, the SDK prints nine lines to say that the profile takes precedence. */
export const SILENT_LOGGER = { debug() {}, info() {}, warn() {}, error() {} };

// On Node 20 the SDK prints seven lines about its future Node requirement, which does not concern the CLI's user.
const QUIET_SDK = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
