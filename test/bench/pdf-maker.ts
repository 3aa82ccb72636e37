/** Writes PDF files of many pages, so that no large document has to be kept in the project. */

/** A4 pages of text, rules and a chart, every page different. Helvetica is in every PDF reader: nothing is embedded. */
export function makeLongPdf(pageCount: number): Buffer {
  const contents = Array.from({ length: pageCount }, (_, index) => makePage(index + 1, pageCount));
  const pageIds = contents.map((_, index) => 4 + index * 2);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pageCount} /Kids [${pageIds.map((id) => `${id} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...contents.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents ${pageIds[index]! + 1} 0 R >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
  ];
  let text = '%PDF-1.7\n';
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(text.length);
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const end = `<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(`${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n${end}`, 'latin1');
}

const WORDS = 'harbour ferry quay timetable crossing deck charger winter lantern pier signal tide rope survey'.split(
  ' ',
);

function makePage(pageNumber: number, pageCount: number): string {
  const lines = [`BT /F 22 Tf 60 770 Td (Chapter ${pageNumber}) Tj ET`, '0.1 0.35 0.4 rg 60 756 475 2 re f'];
  for (let line = 0; line < 32; line += 1) {
    const words = Array.from({ length: 12 }, (_, word) => WORDS[(pageNumber * 7 + line * 5 + word * 3) % WORDS.length]);
    lines.push(`0 g BT /F 11 Tf 60 ${730 - line * 15} Td (${words.join(' ')}) Tj ET`);
  }
  for (let bar = 0; bar < 24; bar += 1) {
    const height = 20 + ((pageNumber * 31 + bar * 17) % 120);
    lines.push(`0.1 ${(0.35 + bar / 60).toFixed(2)} 0.4 rg ${60 + bar * 20} 70 14 ${height} re f`);
  }
  lines.push(`0.4 g BT /F 9 Tf 60 40 Td (Page ${pageNumber} of ${pageCount}) Tj ET`);
  return lines.join('\n');
}
