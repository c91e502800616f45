// The style sheet of a message, read by the browser's own parser and written again from its tree. A
// constructed sheet neither applies nor loads anything, and drops `@import` by itself.

const RULES_MOST = 2_000;
const LOADS = /url\s*\(|image-set\s*\(|image\s*\(|cross-fade\s*\(|element\s*\(|src\s*\(|attr\s*\(|expression|paint\s*\(/i;

/** Style rules and media queries, without anything that could load or leave the frame's flow. */
export function cleanCss(css: string): string {
  const sheet = new CSSStyleSheet();
  try {
    sheet.replaceSync(css);
  } catch {
    return '';
  }
  // `</` could end the style element that the text will stand in. It means something inside strings alone, where
  // an escaped slash is the same slash.
  return writeRules(sheet.cssRules).replaceAll('</', '<\\/');
}

function writeRules(rules: CSSRuleList): string {
  const written: string[] = [];
  for (const rule of [...rules].slice(0, RULES_MOST)) {
    if (rule instanceof CSSStyleRule) written.push(writeStyle(rule));
    else if (rule instanceof CSSMediaRule) written.push(`@media ${rule.conditionText}{${writeRules(rule.cssRules)}}`);
  }
  return written.join('\n');
}

function writeStyle(rule: CSSStyleRule): string {
  // Attribute selectors can read what is written in a page, one letter at a time.
  if (rule.selectorText.includes('[')) return '';
  const declarations: string[] = [];
  for (const property of rule.style) {
    const value = rule.style.getPropertyValue(property);
    const priority = rule.style.getPropertyPriority(property);
    if (LOADS.test(value) || (property === 'position' && /fixed|sticky/.test(value))) continue;
    declarations.push(`${property}:${value}${priority ? ' !important' : ''}`);
  }
  return declarations.length ? `${rule.selectorText}{${declarations.join(';')}}` : '';
}
