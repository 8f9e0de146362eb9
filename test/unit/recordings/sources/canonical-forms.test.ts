import fc from 'fast-check';
import { canonicalForms } from '../../../../src/pipelines/recordings/sources/canonical-forms.js';

test('a word without composed characters has one spelling', () => {
  expect(canonicalForms('वाचन')).toEqual(['वाचन']);
});

test('a composed letter, its parts and marks in either order are one word', () => {
  expect(new Set(canonicalForms('पढ़ना'))).toEqual(new Set(['पढ\u093cना', 'प\u095dना']));
  expect(canonicalForms('é')).toEqual(expect.arrayContaining(['\u00e9', 'e\u0301']));
  expect(canonicalForms('q\u0323\u0307')).toEqual(expect.arrayContaining(['q\u0323\u0307', 'q\u0307\u0323']));
});

test('every spelling is equal by NFC, and the ones a keyboard makes are among them', () => {
  const letters = fc.string({
    unit: fc.constantFrom('क', '\u0958', 'ढ', '\u093c', '\u094d', 'é', 'e', '\u0301', 'x'),
    maxLength: 5,
  });
  fc.assert(
    fc.property(letters, (word) => {
      const forms = canonicalForms(word);
      if (forms === undefined) return;
      for (const form of forms) expect(form.normalize('NFC')).toBe(word.normalize('NFC'));
      expect(forms).toEqual(expect.arrayContaining([word.normalize('NFC'), word.normalize('NFD'), word]));
    }),
  );
});

test('a word with too many spellings is left to the reader', () => {
  expect(canonicalForms('é'.repeat(12))).toBeUndefined();
});

test('each letter has its spellings by itself: no composition reaches into the next one', () => {
  for (let code = 0xc0; code <= 0x10ffff; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const [, ...following] = Array.from(String.fromCodePoint(code).normalize('NFD'));
    if (following.length > 0)
      expect(following.join('')).toMatch(/^[\p{M}\u1161-\u1175\u11A8-\u11C2\u{16D67}]+$/u);
  }
});

test('what is too long for a name, or has more marks on a letter than any script, is left to the reader', () => {
  // Each took minutes: neighbours without number, or Unicode's own reordering of marks.
  expect(canonicalForms('ढ\u093c'.repeat(500_000))).toBeUndefined();
  expect(canonicalForms(`a${'\u0301\u0323'.repeat(500_000)}`)).toBeUndefined();
  expect(canonicalForms(`a${'\u0301\u0323'.repeat(100)}`)).toBeUndefined();
  expect(canonicalForms('क'.repeat(256))).toEqual(['क'.repeat(256)]);
});
