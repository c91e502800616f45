// `npm run bench`: the speed that a person sees, in the real Chromium. Files and answers come from the mock of docs/api,
// so that what is measured is the application; arrivals come from the real binary when CALIOPEN_PROGRAM names one.

import { arriving } from './arriving.mjs';
import { composing } from './composing.mjs';
import { doing } from './doing.mjs';
import { loading } from './loading.mjs';
import { Table } from './support.mjs';

const table = new Table();
const wanted = process.argv[2];
if (!wanted || wanted === 'loading') await loading(table, { times: Number(process.env.ROUNDS ?? 7) });
if (!wanted || wanted === 'doing') await doing(table);
if (!wanted || wanted === 'composing') await composing(table);
if (process.env.CALIOPEN_PROGRAM && (!wanted || wanted === 'arriving')) await arriving(table);
table.end();
