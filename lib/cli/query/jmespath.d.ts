/** The package has no types, and those of DefinitelyTyped lack `compile` and `tokenize`. */
declare module 'jmespath' {
  type JmesPath = import('./assert-query.js').JmesPath;
  export const compile: JmesPath['compile'];
  export const search: JmesPath['search'];
  export const tokenize: JmesPath['tokenize'];
}
