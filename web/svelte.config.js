/** Runes everywhere; styles leave the components at build time, as the page's CSP asks. */
export default { compilerOptions: { runes: true, css: 'external' } };
