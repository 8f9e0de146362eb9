import fc from 'fast-check';
import { canonicalForms } from '../../../src/sources/canonical-forms.js';

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
