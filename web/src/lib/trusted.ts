// The policy `caliopen` (Trusted Types): the places of ours where text becomes a document or a script.

interface Rules {
  createHTML(text: string): string;
  createScriptURL(path: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: Rules): Rules;
}

const WORKER = '/sw.js';
/** The one worker that the build writes beside it: `reader/pdf/pdfworker.ts`. */
const PDF_WORKER = /^\/assets\/pdfworker-[\w-]+\.js$/;
const RULES: Rules = {
  createHTML: (safe) => safe,
  createScriptURL: (path) => {
    if (path !== WORKER && !PDF_WORKER.test(path)) throw new TypeError('no other script is started');
    return path;
  },
};

let policy: Rules | null = null;

/** Made once: a policy's name can be taken once in a page. */
function ours(): Rules {
  const types = (window as { trustedTypes?: TrustedTypes }).trustedTypes;
  policy ??= types?.createPolicy('caliopen', RULES) ?? RULES;
  return policy;
}

/** A document that was made safe by `reader`. */
export const trustedDocument = (safe: string): string => ours().createHTML(safe);

/** The service worker. */
export const trustedWorker = (): string => ours().createScriptURL(WORKER);

/** What reads PDFs, away from the page. */
export const trustedPdfWorker = (path: string): string => ours().createScriptURL(path);
