/** What pages have in common: no font, picture or script comes from elsewhere. Marks have two colours, by `--first` and `--second`. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #1d232b; --soft: #55606d; --line: #dfdcd3; --track: #efece4;
  --first: #2f6f8f; --second: #c2452d; --plain: #4b6584; --quiet: #9aa5b1; --accent: #1c5b78;
  --notice: #fdf3dc; --notice-line: #d9b25f; --notice-ink: #5b4206;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --card: #1b2127; --ink: #e8ebee; --soft: #a9b4bf; --line: #313a43; --track: #262e36;
    --first: #63acd0; --second: #f0806a; --plain: #8fa9c8; --quiet: #66727e; --accent: #8ec9e6;
    --notice: #332a14; --notice-line: #8a6f2c; --notice-ink: #f3deb0;
  }
}
* { box-sizing: border-box; }
html { font-size: 16px; -webkit-text-size-adjust: 100%; }
/* Words wider than their place break, and count as that narrow when a table or grid divides its width: fonts differ. */
body { margin: 0; overflow-wrap: anywhere; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Devanagari", sans-serif; }
main, header, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2.75rem; }
h1 { font-size: 2.1rem; line-height: 1.15; margin: 0 0 .4rem; letter-spacing: -.02em; }
h2 { font-size: 1.3rem; margin: 0 0 .2rem; letter-spacing: -.01em; }
h3 { font-size: 1rem; margin: 0; }
p { margin: 0 0 .75rem; }
a { color: var(--accent); }
.kicker { color: var(--soft); font-size: .85rem; letter-spacing: .04em; margin: 0 0 .35rem; }
.lead { color: var(--soft); max-width: 46rem; }
.soft { color: var(--soft); }
.notice { background: var(--notice); color: var(--notice-ink); border: 1px solid var(--notice-line); border-radius: .6rem; padding: .8rem 1.1rem; margin: 1.4rem 0; }
.notice p:last-child { margin-bottom: 0; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: 1.4rem 1.5rem 1.2rem; margin: 0 0 1.25rem; }
section > .soft { max-width: 46rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 10.5rem), 1fr)); gap: .9rem; margin: 1.4rem 0; padding: 0; list-style: none; }
.figures li { background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: .85rem 1.1rem; }
.figures .value { display: block; font-size: 1.75rem; font-weight: 650; line-height: 1.2; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.figures .name { display: block; font-size: .9rem; }
.figures .aside { display: block; color: var(--soft); font-size: .85rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.chart { display: block; width: 100%; height: auto; margin: .6rem 0 .2rem; }
.chart text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--soft); }
rect.track { fill: var(--track); }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .base { stroke: var(--soft); stroke-width: 1; }
.chart .marker { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
.chart .marker-label { fill: var(--ink); font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: 1.2rem; font-size: .9rem; margin: .3rem 0 0; padding: 0; list-style: none; }
.legend li::before { content: ""; display: inline-block; width: .75rem; height: .75rem; border-radius: 2px; margin-right: .45rem; background: var(--swatch); }
table { border-collapse: collapse; width: 100%; }
.data { margin-top: .5rem; overflow-x: auto; }
.data summary { cursor: pointer; color: var(--accent); font-size: .9rem; width: fit-content; }
.data table { font-size: .88rem; margin-top: .5rem; }
.data th, .data td { border-bottom: 1px solid var(--line); padding: .22rem .6rem .22rem 0; }
.data th { text-align: left; font-weight: 500; }
.data thead th:not(:first-child) { text-align: right; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .92em; }
footer { color: var(--soft); font-size: .88rem; padding-bottom: 3rem; }
@media (max-width: 40rem) { header { padding-top: 1.5rem; } h1 { font-size: 1.6rem; } section { padding: 1.1rem; } main, header, footer { padding-left: 1rem; padding-right: 1rem; } }
@media print {
  @page { margin: 14mm; }
  :root {
    color-scheme: light;
    --paper: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444; --line: #cccccc; --track: #eeeeee;
    --first: #2f6f8f; --second: #c2452d; --plain: #4b6584; --quiet: #9aa5b1; --accent: #000000;
    --notice: #ffffff; --notice-line: #000000; --notice-ink: #000000;
  }
  html { font-size: 12px; }
  body { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, header, footer { max-width: none; padding: 0; }
  section { border: 0; padding: .6rem 0; break-inside: avoid; }
  section.long { break-inside: auto; }
  .data { display: none !important; }
}
`;
