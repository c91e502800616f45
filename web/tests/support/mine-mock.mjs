// The user's own index, as UserPrivacy/get says it.

const WORDS = {
  en: { word: 'Sealed', sentence: 'What others do limits it most: much of what you sent went to services that can read it.', rows: ['Messages sent', 'How contacts can be reached', 'Accounts', 'Devices'], reason: 'From what you sent in thirty days.', action: 'Keep a recovery code that only you hold.', you: 'You' },
  fr: { word: 'Scellé', sentence: 'Ce que font les autres le limite le plus : une bonne part de vos messages est allée à des services qui peuvent les lire.', rows: ['Messages envoyés', 'Façon de joindre vos contacts', 'Comptes', 'Appareils'], reason: 'D’après vos envois de trente jours.', action: 'Gardez un code de secours que vous seul détenez.', you: 'Vous' },
  it: { word: 'Sigillato', sentence: 'Lo limita soprattutto ciò che fanno gli altri: molto di ciò che hai inviato è andato a servizi che possono leggerlo.', rows: ['Messaggi inviati', 'Come si raggiungono i contatti', 'Account', 'Dispositivi'], reason: 'Da ciò che hai inviato in trenta giorni.', action: 'Conserva un codice di recupero che hai solo tu.', you: 'Tu' },
};
const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);

export class Mine {
  score = 23;
  yours = 41;
  others = 15;

  get({ language = 'en' }, state) {
    const words = WORDS[language];
    const row = (component, label, points, most) => ({ component, label, axis: 'behaviour', points, most, known: true, reason: words.reason, evidence: [] });
    const one = {
      id: 'singleton', privacy: { score: this.score, approximate: false, level: 3, formula: 1 }, levelWord: words.word, summary: 'others-limit', sentence: words.sentence, yours: this.yours, others: this.others,
      points: [row('messages', words.rows[0], 6, 50), row('contacts', words.rows[1], 4, 20), row('accounts', words.rows[2], 8, 20), row('devices', words.rows[3], 5, 10)],
      raises: [{ who: 'you', whoLabel: words.you, axis: 'technical', action: words.action, projected: this.score + 4, subjectId: 'i1' }],
      accounts: [{ id: 'i1', privacy: { score: 42, approximate: true, level: 3, formula: 1 } }],
      devices: [{ id: 'e1', privacy: { score: 64, approximate: true, level: 4, formula: 1 } }, { id: 'e2', privacy: { score: 32, approximate: true, level: 3, formula: 1 } }],
      history: [[80, 12], [61, 15], [40, 14], [22, 19], [3, 21], [0, this.score]].map(([ago, score]) => ({ day: day(ago), score, approximate: false })),
      formula: 1,
    };
    return { state: String(state), list: [one], notFound: [] };
  }
}
