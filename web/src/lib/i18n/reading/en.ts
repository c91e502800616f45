// What one reads, in English: texts, files, names.

export const reading = {
  text_as_sent: 'The text as it was sent',
  show_as_sent: 'Show the text as it was sent',
  show_paragraphs: 'Show the text in paragraphs',
  open_file: 'Look at {name}',
  file_of_files: '{number} of {total}',
  file_previous: 'Previous file',
  file_next: 'Next file',
  file_large: 'This file is large: {size}.',
  file_load: 'Load it',
  file_pdf: 'PDF files can contain programs, so Caliopen does not open them here. Save it, and open it with a program of your own.',
  file_type: 'Files of this kind are not shown here. Save it, and open it with a program of your own.',
  file_content: 'This file is not what its name says, so it is not shown. Save it only if you trust who sent it.',
  file_broken: 'The browser cannot show this file. Save it, and open it with a program of your own.',
  file_cut: 'Only the beginning is shown. Save the file to read the rest.',
  cancel: 'Cancel',
  do_rename: 'Rename',
  conversation_name: 'Your name for this conversation',
  conversation_name_hint: 'Nobody else sees it. Leave it empty to forget it.',
  renamed: 'Renamed.',
  name_forgotten: 'The name is forgotten.',
} as const;
