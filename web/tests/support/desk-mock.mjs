// Identity and Template of docs/api over an account in memory. For development and tests only.

const id = (letter, number) => letter + number.toString(36).toUpperCase().padStart(26, '0');
const NOW = () => new Date().toISOString();

export class Desk {
  constructor(account) {
    this.account = account;
    this.serial = 0;
    this.identities = new Map();
    this.templates = new Map();
    this.addIdentity('alice@example.org', 'Alice Martin');
  }

  /** An administrator adds an address. */
  addIdentity(address, name = null) {
    const one = { id: id('i', this.identities.size + 1), address, name, textSignature: '', htmlSignature: null, isChosen: false, rests: false };
    this.identities.set(one.id, one);
    return one;
  }

  addTemplate(words) {
    const one = { subject: '', text: '', html: null, ...words, id: id('f', (this.serial += 1)), updatedAt: NOW() };
    this.templates.set(one.id, one);
    this.account.record('Template', one.id, 'created');
    return one;
  }

  run(type, verb, args) {
    const all = type === 'Identity' ? this.identities : this.templates;
    if (verb === 'query') return this.account.page(this.byName(), args);
    if (verb === 'set') return type === 'Identity' ? this.setIdentities(args) : this.setTemplates(args);
    const wanted = args.ids ?? (type === 'Template' ? this.byName() : [...all.keys()]);
    return { state: String(this.account.sequence), list: wanted.flatMap((one) => all.get(one) ?? []), notFound: wanted.filter((one) => !all.has(one)) };
  }

  byName() {
    return [...this.templates.values()].toSorted((a, b) => a.name.localeCompare(b.name)).map((one) => one.id);
  }

  setIdentities({ update = {}, create, destroy }) {
    const answer = { created: {}, updated: {}, notUpdated: {}, notCreated: {}, notDestroyed: {} };
    for (const [key, { address }] of Object.entries(create ?? {})) {
      const refusal = this.refusal(address);
      if (refusal) answer.notCreated[key] = { type: refusal, properties: ['address'], description: 'see docs/api' };
      else {
        const made = Object.assign(this.addIdentity(address), { isChosen: true });
        answer.created[key] = made;
        this.account.record('Identity', made.id, 'created');
      }
    }
    for (const key of destroy ?? []) answer.notDestroyed[key] = { type: 'forbidden' };
    for (const [key, words] of Object.entries(update)) this.change('Identity', this.identities, key, words, answer);
    this.account.push();
    return answer;
  }

  /** Why a person does not get an address that they chose. */
  refusal(address) {
    const all = [...this.identities.values()];
    if (!/^[a-z]{3,40}@/.test(address)) return 'invalidProperties';
    if (address.startsWith('postmaster@')) return 'reserved';
    if (['bob@example.org', ...all.map((one) => one.address)].includes(address)) return 'alreadyExists';
    return all.filter(({ isChosen }) => isChosen).length < this.account.coaching.addressesAllowed ? null : 'overQuota';
  }

  change(type, all, key, words, answer) {
    if (!all.has(key)) answer.notUpdated[key] = { type: 'notFound' };
    else {
      Object.assign(all.get(key), words);
      answer.updated[key] = null;
      this.account.record(type, key, 'updated');
    }
  }

  setTemplates({ create = {}, update = {}, destroy = [] }) {
    const answer = { created: {}, updated: {}, destroyed: [], notCreated: {}, notUpdated: {}, notDestroyed: {} };
    for (const [key, words] of Object.entries(create)) {
      if (!words.name?.trim()) answer.notCreated[key] = { type: 'invalidProperties', properties: ['name'], description: 'a template has a name' };
      else if (this.templates.size >= 200) answer.notCreated[key] = { type: 'overQuota', description: 'an account keeps at most 200 templates: delete some' };
      else answer.created[key] = { id: this.addTemplate(words).id };
    }
    for (const [key, words] of Object.entries(update)) this.change('Template', this.templates, key, words, answer);
    for (const key of destroy) {
      if (!this.templates.delete(key)) answer.notDestroyed[key] = { type: 'notFound' };
      else {
        answer.destroyed.push(key);
        this.account.record('Template', key, 'destroyed');
      }
    }
    this.account.push();
    return answer;
  }
}
