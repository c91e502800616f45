// Intl's formatters, each made once: making one takes as long as a hundred uses of it, and a list uses several a row.

type Maker<Options, Made> = new (locale: string, options: Options) => Made;

const made = new Map<string, unknown>();

/** The formatter of a kind for a language. There are a few dozen at most: options are written in the code. */
export function formatter<Options, Made>(kind: Maker<Options, Made>, locale: string, options: Options): Made {
  const name = `${kind.name} ${locale} ${JSON.stringify(options)}`;
  const known = made.get(name) as Made | undefined;
  if (known) return known;
  const fresh = new kind(locale, options);
  made.set(name, fresh);
  return fresh;
}
