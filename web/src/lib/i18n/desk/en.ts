// The desk, in English: settings, identities, templates, the palette, printing, the source.

export const desk = {
  settings_looks: 'Language and looks',
  settings_pages: 'Pages of the settings',
  settings_unknown: 'This page does not exist',
  settings_unknown_text: 'Choose one from the list.',
  settings_writing: 'Writing',
  settings_keyboard: 'Keyboard',
  settings_entry: 'Sign-in and sessions',
} as const;
