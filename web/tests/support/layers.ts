// The reader's layers as one script, for the test pages alone: each layer can be called without the others.
import { cleanCss } from '../../src/lib/reader/css';
import { fill, frameDocument, pageNonce, SANDBOX } from '../../src/lib/reader/frame';
import { linkify } from '../../src/lib/reader/linkify';
import { secretIn } from '../../src/lib/state/composing/secrets';
import { inspect, mismatch } from '../../src/lib/reader/links';
import { blocks } from '../../src/lib/reader/quotes';
import { reflow } from '../../src/lib/reader/reflow';
import { sanitise } from '../../src/lib/reader/sanitise';

Object.assign(window, { layers: { cleanCss, fill, frameDocument, pageNonce, SANDBOX, linkify, inspect, mismatch, blocks, reflow, sanitise, secretIn } });
