/** What Vite and Chromium offer and the libraries of types do not know. */

/** The address of a thread's script, of which Vite makes a file of its own. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}

interface Window {
  /** Source: W3C Trusted Types. What a policy answers is a string but by name. */
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL: (url: string) => string },
    ): { createScriptURL(url: string): string };
  };
}
