// Route of docs/api over the people of the mock: those whose addresses were looked at, by the kind of their best way.

/** The kind of each service of outlook-mock. */
const KINDS = { advertiser: 'advertising', proven: 'proven', unseen: 'not-seen', local: 'same-server' };
const NAMED_MOST = 6;

export class Routes {
  isComplete = true;

  constructor(account) {
    this.account = account;
  }

  get({ language = 'en' }) {
    const { people, outlooks } = this.account;
    const looked = [...people.all.values()].filter((one) => one.handles.some((handle) => people.looked.has(handle)));
    const reached = looked.flatMap((contact) => people.best(contact.handles, language) ?? []).map((best) => ({ best, kind: KINDS[outlooks.serviceOf(best.recipient)] }));
    const groups = group(reached);
    const list = [...groups].map(([kind, ways]) => {
      const sorted = ways.toSorted((a, b) => b.best.privacy.score - a.best.privacy.score);
      const { recipient: _, complete: __, trouble: ___, evidence: ____, lost: _____, ...explained } = sorted.at(-1).best;
      const ids = sorted.map(({ best }) => people.at(best.recipient).id);
      return Object.assign(explained, { kind, service: kind === 'advertising' ? 'Gmail' : null, contactCount: ids.length, contactIds: ids.slice(0, NAMED_MOST), highest: sorted[0].best.privacy });
    });
    list.sort((a, b) => b.privacy.score - a.privacy.score || b.contactCount - a.contactCount);
    return { list, counted: looked.length, notReached: looked.length - reached.length, isComplete: this.isComplete };
  }
}

function group(ways) {
  const groups = new Map();
  for (const way of ways) groups.set(way.kind, [...(groups.get(way.kind) ?? []), way]);
  return groups;
}
