// The worker that takes PDFs apart: PDF.js without its sandbox, so that there is nothing that could run a script of a PDF.
import './closed';
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
