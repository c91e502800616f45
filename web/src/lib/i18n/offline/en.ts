// What is said without a network, in English: the source of the keys.

export const offline = {
  offline_now: 'You are offline. What you write waits.',
  offline_waits: { one: 'You are offline. {count} thing waits for the network.', other: 'You are offline. {count} things wait for the network.' },
  version_new: 'A new version is there.',
} as const;
