// The message that a search found in each conversation, so that opening one leads there.

export const found = new Map<string, string>();
