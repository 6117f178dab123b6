// The page's policy lets no text become markup or script. Excepted are the addresses of its own two scripts beside itself, the worker's and the
// service worker's.

interface Policy {
  createScriptURL: (address: string) => string;
}

const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy: (name: string, rules: Policy) => Policy } };
const policy = trustedTypes?.createPolicy("santun", { createScriptURL: (address) => address });

/** Not for addresses that come from anywhere but this program. */
export const trusted = (address: string): string => policy?.createScriptURL(address) ?? address;
