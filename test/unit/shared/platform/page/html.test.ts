import fc from 'fast-check';
import { escapeHtml, html } from '../../../../../src/platform/page/html.js';

describe('HTML of the report', () => {
  test('escapes text and attributes whatever they hold', () => {
    expect(html`<p title="${'"><script>'}">${"a & b < c > d ' e"}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;">a &amp; b &lt; c &gt; d &#39; e</p>',
    );
  });

  test('shows what would not be seen: controls, and what turns the direction of writing', () => {
    expect(escapeHtml('a\u202egpj.exe\u0000\u0007b')).toBe('a\ufffdgpj.exe\ufffd\ufffdb');
    expect(escapeHtml('वाचन\tटैब\n')).toBe('वाचन\tटैब\n');
  });

  test('joins lists, leaves out undefined, and takes its own kind as it is', () => {
    const items = ['<1>', '<2>'].map((item) => html`<li>${item}</li>`);
    expect(html`${items}${undefined}${0}`.text).toBe('<li>&lt;1&gt;</li><li>&lt;2&gt;</li>0');
  });

  test('lets no text open a tag, an entity or a quoted attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});
