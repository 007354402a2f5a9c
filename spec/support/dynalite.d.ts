/** The part of dynalite that the specs use; it has no declarations of its own. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  function dynalite(options: { readonly createTableMs: number }): Server;
  export = dynalite;
}
