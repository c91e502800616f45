// The user's own index, in English: the source of the keys.

export const mine = {
  settings_mine: 'My privacy',
  mine_nav: 'My privacy: {about}',
  mine_yours: 'What you control',
  mine_yours_hint: 'Your accounts and your devices.',
  mine_others: 'What depends on others too',
  mine_others_hint: 'How your messages travelled, and how your contacts can be reached.',
  mine_unknown: 'Not known yet',
  mine_points: 'What it follows from',
  mine_raises: 'What to do next',
  mine_raises_none: 'Nothing that you could do here would raise it now.',
  mine_history: 'The last 90 days',
  mine_history_said: 'From {first} on {from} to {last} on {to}.',
  mine_history_young: 'The line begins today: come back in some days.',
  mine_history_table: 'The same as a table',
  mine_day: 'Day',
  mine_index: 'Index',
  mine_accounts: 'Your accounts',
  mine_devices: 'Your devices',
  mine_device_none: 'A session without a device',
  mine_deleted: 'Deleting messages or contacts changes nothing here.',
} as const;
