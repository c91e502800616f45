// PDFs written by hand (ISO 32000-2): pages with words, and all that a PDF can try to do when somebody looks at it.

const OUTSIDE = 'http://127.0.0.2:9';

/** Objects, from number 1 on, as a file with its table of where they are (§7.5). */
function file(objects, trailer = '') {
  let text = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
  const places = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const from = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${from}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

const stream = (content, more = '') => `<< /Length ${content.length} ${more}>>\nstream\n${content}\nendstream`;

/** What is on a page: a title, lines, and a staff with a few notes. */
function drawing(number, height) {
  const top = height - 90;
  const line = (index) => `BT /F1 12 Tf 60 ${top - 40 - index * 20} Td (Line ${index + 1} of page ${number}: the choir meets on Sunday.) Tj ET`;
  const staff = [0, 1, 2, 3, 4].map((at) => `60 ${top - 300 - at * 10} m 530 ${top - 300 - at * 10} l S`);
  const notes = [0, 1, 2, 3, 4, 5].map((at) => `${90 + at * 70} ${top - 336 + ((at * number) % 5) * 8} 9 7 re f`);
  return ['BT /F3 18 Tf 60 90 Td <82a082a2> Tj ET', `BT /F2 26 Tf 60 ${top} Td (Page ${number} of the programme) Tj ET`, ...[0, 1, 2, 3, 4, 5].map(line), '0.06 0.4 0.4 RG 0.8 w', ...staff, '0.06 0.3 0.3 rg', ...notes].join('\n');
}

const SCRIPT = `<< /S /JavaScript /JS (parent.ran = 1; app.alert\\("ran"\\); this.submitForm\\("${OUTSIDE}/form"\\); app.launchURL\\("${OUTSIDE}/launch"\\);) >>`;
const LEADS = (rect, action) => `<< /Type /Annot /Subtype /Link /Rect [${rect}] /Border [0 0 2] /A ${action} >>`;

/** Pages of A4, the fourth lying on its side; with scripts at its opening and on each page, and links that lead away. */
export function programme(pages) {
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /OpenAction ${SCRIPT} /AA << /WC ${SCRIPT} >> /Names << /JavaScript << /Names [(one) ${SCRIPT}] >> >> >>`,
    '',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Times-Bold >>',
    // A picture whose bytes are elsewhere (§7.3.8.2): a file that asks for what it does not bring.
    `<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceRGB /BitsPerComponent 8 /F << /FS /URL /F (${OUTSIDE}/picture.raw) >> /Length 0 >>\nstream\n\nendstream`,
    // A scan as fax machines make them (§7.4.6, ITU-T T.6): eight rows of eight, each like the one before, all black.
    `<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 1 /Decode [1 0] /Filter [/ASCIIHexDecode /CCITTFaxDecode] /DecodeParms [null << /K -1 /Columns 8 /Rows 8 >>] /Length 14 >>\nstream\nff001001>     \nendstream`,
    // A Japanese font that is not in the file (§9.7.5.2): its table of characters is known by name.
    '<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light-90ms-RKSJ-H /Encoding /90ms-RKSJ-H /DescendantFonts [8 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> /FontDescriptor 9 0 R >>',
    '<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 6 /FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>',
  ];
  const kids = [];
  for (let number = 1; number <= pages; number++) {
    const [width, height] = number === 4 ? [842, 595] : [595, 842];
    const content = objects.push(stream(`${drawing(number, height)}\nq 20 0 0 20 500 60 cm /Far Do Q q 90 0 0 60 440 700 cm /Fax Do Q`));
    kids.push(`${objects.length + 1} 0 R`);
    const links = [LEADS('60 740 400 780', `<< /S /URI /URI (${OUTSIDE}/link) >>`), LEADS('60 40 200 60', '<< /S /Launch /F (programme.exe) >>')];
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${content} 0 R /AA << /O ${SCRIPT} >> /Annots [${links.join(' ')}] /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 7 0 R >> /XObject << /Far 5 0 R /Fax 6 0 R >> >> >>`);
  }
  objects[1] = `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages} >>`;
  return file(objects);
}

/** One that opens with a password alone (§7.6.4). */
export function locked() {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>', `<< /Filter /Standard /V 1 /R 2 /P -4 /O <${'5a'.repeat(32)}> /U <${'a5'.repeat(32)}> >>`];
  return file(objects, `/Encrypt 4 0 R /ID [<${'01'.repeat(16)}> <${'01'.repeat(16)}>]`);
}

/** One whose second page is not a page. */
export function torn() {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>', '(nothing)'];
  return file(objects);
}
