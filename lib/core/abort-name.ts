/** How DOM, Node, axios, got and undici name a request that its own sender aborted. */
export const ABORT_NAME = /^(Abort|Cancell?(ed)?)Error$|^(ABORT_ERR|ERR_CANCELED|UND_ERR_ABORTED)$/;
