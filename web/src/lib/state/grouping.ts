// How what is found is put together. Pure.

/** Whether a question asks for subjects, of which one conversation may have several. */
export const bySubject = (query: string): boolean => /(?:^|\s)by:subject(?=\s|$)/iu.test(query);
