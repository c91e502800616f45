// What one reads, in English: texts, files, names.

export const reading = {
  text_as_sent: 'The text as it was sent',
  show_as_sent: 'Show the text as it was sent',
  show_paragraphs: 'Show the text in paragraphs',
} as const;
