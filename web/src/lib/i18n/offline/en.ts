// What is said without a network, in English: the source of the keys.

export const offline = {
  offline_now: 'You are offline. What you write waits.',
  offline_waits: { one: 'You are offline. {count} thing waits for the network.', other: 'You are offline. {count} things wait for the network.' },
  version_new: 'A new version is there.',
  offline_title: 'Without a network',
  offline_keep: 'Keep mail readable on this device without a network',
  offline_hint: 'For a device of your own: whoever can open this browser can then read what was last read here.',
  offline_kept: 'Mail that was read here stays readable without a network.',
  offline_erased: 'What was kept on this device is erased.',
  offline_unable: 'This browser keeps nothing: a private window, or a full disk. Mail is read from the server as before.',
  deeds_refused: { one: '{count} thing that you did offline could not be done: you see what the server has.', other: '{count} things that you did offline could not be done: you see what the server has.' },
  waits_network: 'Waits for the network',
  waits_unsure: 'The network broke while it left. Whether it arrived is known as soon as it is back.',
  outbox: 'Waiting for the network',
  draft_kept_here: 'Kept on this device until the network is back',
} as const;
