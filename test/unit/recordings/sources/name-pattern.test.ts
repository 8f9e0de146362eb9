import fc from 'fast-check';
import {
  comparableText,
  isNearSubjectName,
  isSubjectName,
} from '../../../../src/pipelines/recordings/contract/subject-name.js';
import { namePattern } from '../../../../src/pipelines/recordings/sources/name-pattern.js';

const SAME = [
  'वाचन',
  'वाचन ',
  '\u00a0वाचन',
  'वाच\u200cन',
  '\ufeffवाचन',
  '\u200bवा\u00adचन\u200e\n',
  '\u3000 वाचन\t',
];

describe('names are compared', () => {
  test('after what nobody sees, outer spaces and NFC, by code and by the pattern for a database alike', () => {
    const pattern = namePattern('वाचन')!;
    for (const name of SAME) {
      expect(isSubjectName(name, 'वाचन')).toBe(true);
      expect(pattern.test(name)).toBe(true);
    }
    for (const name of ['वाच', 'वाचनवाचन', 'वा चन', 'गणित', '']) {
      expect(isSubjectName(name, 'वाचन')).toBe(false);
      expect(pattern.test(name)).toBe(false);
    }
  });

  test('with each spelling of a letter, and a space inside whatever kind it is', () => {
    const pattern = namePattern('पढ़ना (Élan) 1.0')!;
    for (const name of [
      'पढ\u093cना (E\u0301lan) 1.0',
      'प\u095dना\u00a0(\u00c9lan)\u20031.0',
      'पढ\u200d\u093cना (Élan) 1.0',
    ]) {
      expect(pattern.test(name)).toBe(true);
      expect(isSubjectName(name, 'पढ़ना (Élan) 1.0')).toBe(true);
    }
    expect(pattern.test('पढ़ना (Élan) 1x0')).toBe(false);
  });

  test('the same by the pattern as by code, whatever the texts are', () => {
    const letters = fc.constantFrom(
      'व',
      'ा',
      'ढ',
      '\u093c',
      '\u095d',
      'e',
      '\u0301',
      '\u0323',
      'é',
      ' ',
      '\u00a0',
      '\u200d',
      'ক',
      '\u09c7',
      '\u09be',
      '\u09cb',
      '각',
      'ᄀ',
      'ᅡ',
      'ᆨ',
      '.',
      '😀',
    );
    const text = fc.array(letters, { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (name, other) => {
        const pattern = namePattern(name);
        fc.pre(pattern !== undefined);
        expect([other, pattern.test(other)]).toEqual([other, comparableText(other) === comparableText(name)]);
        expect(pattern.test(` ${name.normalize('NFD')}\u200b`)).toBe(true);
      }),
    );
  });

  test('in time that grows with their length', () => {
    expect(namePattern('व'.repeat(1_000_000))).toBeUndefined();
    expect(namePattern('q\u0323\u0307'.repeat(30))).toBeDefined();
    expect(namePattern(`e${'\u0301\u0323'.repeat(500)}`)).toBeUndefined();
    expect(isSubjectName(' '.repeat(1_000_000), 'वाचन')).toBe(false);
    expect(namePattern('वाचन')!.test(`${' '.repeat(100_000)}x`)).toBe(false);
  });

  test('and a name that was probably meant is told from another subject', () => {
    for (const name of ['वा-चन', 'READING', 'reading.', ' Rea ding']) {
      expect(isNearSubjectName(name, name.startsWith('वा') ? 'वाचन' : 'Reading')).toBe(true);
    }
    expect(isNearSubjectName('गणित', 'वाचन')).toBe(false);
    expect(isNearSubjectName('...', 'वाचन')).toBe(false);
  });
});
