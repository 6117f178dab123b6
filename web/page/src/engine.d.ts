// What the build puts in place of this module: the worker's script, and the library with one character a byte.

declare module "santun:engine" {
  export const worker: string;
  export const library: string;
}
