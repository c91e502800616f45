// The desk, in English: settings, identities, templates, the palette, printing, the source.

export const desk = {
  settings_looks: 'Language and looks',
  settings_pages: 'Pages of the settings',
  settings_unknown: 'This page does not exist',
  settings_unknown_text: 'Choose one from the list.',
  settings_writing: 'Writing',
  settings_keyboard: 'Keyboard',
  settings_entry: 'Sign-in and sessions',
  shortcuts_all: 'Show all shortcuts',
  keys_reading: 'Reading',
  keys_writing: 'Writing',
  keys_going: 'Going somewhere',
  keys_everywhere: 'Everywhere',
  key_settings: 'Go to the settings',
  key_close_writing: 'Close, and keep the draft',
  palette: 'Do, go, write to…',
  palette_placeholder: 'What, where, or to whom?',
  palette_found: 'What fits',
  palette_nothing: 'Nothing fits. Try fewer letters.',
  palette_write_to: 'Write to {name}',
} as const;
