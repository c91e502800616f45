// Leaving a list, in English.

export const leaving = {
  unsubscribe: 'Unsubscribe',
  unsubscribe_what: 'One click: {host} is asked to take you off the list.',
  unsubscribe_page: 'Unsubscribe on {host}',
  unsubscribe_ask: 'This sends a message from {from} to {address}, which takes you off the list.',
  unsubscribe_do: 'Send it',
  unsubscribe_again: 'Unsubscribe again',
  unsubscribe_by_message: 'Send a message to {address}',
  unsubscribing: 'Asking…',
  unsubscribed: 'Asked {address} to take you off the list.',
  unsubscribed_click: 'You are off the list: {host} confirmed it.',
  left_list: 'You left this list on {date}.',
  left_list_still: 'You left this list on {date}, and it still writes to you.',
  leave_refused: '{host} refused to take you off the list.',
  leave_unreachable: '{host} did not answer. You may still be on the list.',
  leave_not_offered: 'This message no longer offers to leave its list with one click.',
  leave_too_many: 'You left many lists within an hour. Try again later.',
} as const;
