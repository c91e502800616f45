// Coaching of docs/api. For development and tests only.

const QUESTS = [['passkey', 49], ['recovery-code', 45], ['second-device', null], ['invite', null]];

export class Coaching {
  isMuted = false;
  aside = [];
  done = { 'home-network': '2026-11-20T10:00:00.000Z' };
  invited = null;
  addressesAllowed = 0;

  constructor(account) {
    this.account = account;
  }

  get(_, state) {
    const open = QUESTS.filter(([name]) => !this.done[name]).map(([name, projected]) => ({ name, state: this.aside.includes(name) ? 'aside' : 'open', projected, doneAt: null }));
    const done = Object.entries(this.done).map(([name, doneAt]) => ({ name, state: 'done', projected: null, doneAt }));
    const count = done.length;
    const gifts = [['theme', 'harbour', 1], ['bytes', 1_000_000_000, 2], ['theme', 'dusk', 3], ['addresses', 1, 3]];
    const unlocks = gifts.map(([kind, gift, quests]) => ({ theme: null, bytes: null, addresses: null, [kind]: gift, quests, isUnlocked: count >= quests }));
    const addressesChosen = [...this.account.desk.identities.values()].filter(({ isChosen }) => isChosen).length;
    const ana = [...this.account.contacts.values()].find(({ handles }) => handles.some((handle) => handle.endsWith('gmail.example')));
    return { state: String(state), list: [{ id: 'singleton', isMuted: this.isMuted, yours: 41, quests: [...open, ...done], aside: this.aside, invite: ana?.id ?? null, unlocks, addressesAllowed: this.addressesAllowed, addressesChosen }], notFound: [] };
  }

  set({ update: { singleton } }) {
    Object.assign(this, singleton);
    return { oldState: '0', newState: String((this.account.sequence += 1)), updated: { singleton: null } };
  }
}
