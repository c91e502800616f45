// The mock's gate (docs/api, "Gate"): what is held back from its device, and what that takes from each answer.

const LEVELS = [3, 4, 5];
const LEAST = [20, 40, 60];
const STEP_UP_MS = 15 * 60_000;
const levelOf = (score) => (score < 5 ? 1 : score < 20 ? 2 : score < 50 ? 3 : score < 80 ? 4 : 5);

export class Gate {
  thresholds = { sealed: 20, sealedAndKnown: 40, private: 60 };
  ways = ['recoveryCode'];
  openUntil = null;

  constructor(account) {
    this.account = account;
  }

  /** The index of the device on its network. */
  get score() {
    return this.account.devices.all[0].privacy.score;
  }

  set score(score) {
    this.account.devices.all[0].privacy = { score, approximate: true, level: levelOf(score), formula: 1 };
  }

  get asked() {
    return [this.thresholds.sealed, this.thresholds.sealedAndKnown, this.thresholds.private];
  }

  get isOpen() {
    return this.openUntil !== null && Date.parse(this.openUntil) > Date.now();
  }

  get hides() {
    return this.isOpen ? [] : LEVELS.filter((_, at) => this.score < this.asked[at]);
  }

  holds = ({ privacy }) => this.hides.includes(privacy.level);

  /** Its person showed, in another tab, that it is them: everything is shown for a while. */
  open() {
    this.openUntil = new Date(Date.now() + STEP_UP_MS).toISOString();
  }

  /** Tells the pages that it moved. */
  tell() {
    this.account.record('Gate', 'singleton', 'updated');
    this.account.push();
  }

  close() {
    this.openUntil = null;
  }

  get() {
    const { thresholds, hides, ways } = this;
    const one = { id: 'singleton', device: this.account.devices.all[0].privacy, thresholds, openUntil: this.isOpen ? this.openUntil : null, hides, ways };
    return { state: String(this.account.sequence), list: [one], notFound: [] };
  }

  set({ update: { singleton: { thresholds } } }) {
    const wished = [thresholds.sealed, thresholds.sealedAndKnown, thresholds.private];
    const after = wished.map((value, at) => Math.max(value, LEAST[at], ...wished.slice(0, at)));
    const less = after.some((value, at) => value < this.asked[at]);
    const type = less && this.hides.length ? 'hidden' : !less && !this.ways.length ? 'noWayBack' : null;
    if (type) return { updated: {}, notUpdated: { singleton: { type, properties: ['thresholds'], description: 'no' } } };
    const [sealed, sealedAndKnown, most] = after;
    this.thresholds = { sealed, sealedAndKnown, private: most };
    this.account.record('Gate', 'singleton', 'updated');
    this.account.push();
    return { updated: { singleton: null }, notUpdated: {} };
  }

  conversation = (one) => (this.holds(one) ? { ...one, hidden: true, subject: '', excerpt: '' } : { ...one, hidden: false });

  message = (one) => {
    if (!this.holds(one)) return { ...one, hidden: false };
    return { ...one, hidden: true, subject: '', excerpt: '', attachments: [], ...(one.bodies ? { bodies: [], headers: [] } : {}) };
  };

  /** Whether a draft quotes what is held back. */
  quotes = ({ answers, forwards }) => [answers, forwards].some((id) => this.account.messages.has(id) && this.holds(this.account.messages.get(id).summary));

  draft = (one) => (this.quotes(one) ? { ...one, hidden: true, subject: '', text: '', html: null, attachments: [] } : { ...one, hidden: false });

  /** Whether a file belongs to what is held back: its message is named before the dot. */
  ofHeld(blobId) {
    const all = [...this.account.messages.values()];
    const one = all.find(({ summary }) => summary.blobId === blobId || summary.attachments.some((file) => file.blobId === blobId));
    return one !== undefined && this.holds(one.summary);
  }
}
