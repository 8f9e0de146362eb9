import { PAGE_STYLE } from '../../../../platform/page/page-style.js';

/** The page's own style, after that of all pages. */
export const STYLE = `${PAGE_STYLE}
[hidden] { display: none !important; }
main, header, footer { max-width: 48rem; }
header { padding-top: 1.5rem; }
h1 { font-size: 1.6rem; }
h1, h2 { width: fit-content; }
h1:focus-visible, h2:focus-visible { outline-offset: .3rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .3rem; }
.progress { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .9rem; margin: .3rem 0 1rem; font-variant-numeric: tabular-nums; }
progress { flex: 1 1 10rem; min-width: 6rem; height: .6rem; appearance: none; -webkit-appearance: none; border: 0; border-radius: .3rem; background: var(--line); overflow: hidden; }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--first); }
progress::-moz-progress-bar { background: var(--first); }
#sound { min-height: 14.5rem; display: flex; flex-direction: column; justify-content: flex-end; }
.drawn { position: relative; cursor: pointer; }
.drawn svg { display: block; width: 100%; height: 4.2rem; background: var(--track); border-radius: .4rem .4rem 0 0; }
.drawn path { fill: var(--first); }
.drawn img { display: block; width: 100%; height: 6.5rem; border-radius: 0 0 .4rem .4rem; background: #000004; }
#playhead { position: absolute; top: 0; bottom: 0; left: 0; width: 2px; background: var(--second); pointer-events: none; }
audio { width: 100%; margin-top: .6rem; }
.missing { color: var(--soft); background: var(--track); border-radius: .4rem; padding: .8rem 1rem; margin: auto 0; }
.missing p:first-child { margin-bottom: .6rem; }
button { font: inherit; color: inherit; cursor: pointer; border-radius: .5rem; border: 1px solid var(--line); background: var(--card); padding: .45rem .8rem; min-height: 2.75rem; }
button:disabled { cursor: default; opacity: .55; }
button.plain { color: var(--accent); }
button.main { background: var(--accent); color: var(--card); border-color: var(--accent); font-weight: 600; }
.verdicts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 8.5rem), 1fr)); gap: .7rem; margin: 1.1rem 0 .7rem; }
.verdict { --mark: var(--soft); border: 2px solid var(--mark); font-weight: 600; min-height: 3.2rem; }
.verdict.normal { --mark: var(--first); } .verdict.anomalous { --mark: var(--second); }
.verdict[aria-pressed="true"] { background: var(--mark); color: var(--card); }
.verdict[aria-pressed="true"]::before { content: "✓ "; }
kbd { font: .8em ui-monospace, "SF Mono", Menlo, Consolas, monospace; border: 1px solid currentColor; border-radius: .3rem; padding: .05rem .35rem; margin-left: .25rem; font-weight: 400; }
.ways { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .6rem; }
#reasons { border-top: 1px solid var(--line); margin-top: 1rem; padding-top: .9rem; }
#reasons p { margin-bottom: .4rem; }
#reasons ul { margin: 0 0 .5rem; padding-left: 1.15rem; }
#reasons .score { font-weight: 650; }
#reasons .score.normal { color: var(--first); } #reasons .score.anomaly { color: var(--second); }
#reasons .id { color: var(--soft); font-size: .78rem; font-family: ui-monospace, Menlo, Consolas, monospace; margin: 0; }
#status { min-height: 1.6rem; margin: 0 0 .6rem; }
.alert { background: var(--notice); color: var(--notice-ink); border: 1px solid var(--notice-line); border-radius: .6rem; padding: .7rem 1rem; }
.options { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.3rem; margin-bottom: 1.2rem; }
.options label, dialog label { display: inline-flex; align-items: center; gap: .45rem; min-height: 1.75rem; }
input[type="checkbox"] { width: 1.15rem; height: 1.15rem; accent-color: var(--first); }
dialog { color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: 1.4rem 1.5rem; width: min(40rem, calc(100vw - 2rem)); max-height: calc(100vh - 2rem); overflow-y: auto; }
dialog::backdrop { background: #0008; }
dl { margin: 0 0 .8rem; }
dl div { display: grid; grid-template-columns: 4.2rem 1fr; gap: .8rem; padding: .2rem 0; }
dd { margin: 0; }
dt kbd { margin: 0 .3rem 0 0; }
#done p { margin: .6rem 0 1rem; }
dialog h2 { margin-bottom: .6rem; }
#done .ways { justify-content: flex-start; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 30rem) {
  section { padding: .9rem; }
  /* A telephone has no such keys; who zooms in on a desk finds them in the help. */
  button kbd { display: none; }
  .verdicts { display: flex; flex-wrap: wrap; gap: .5rem; }
  .verdict { flex: 1 1 auto; padding: .3rem; white-space: nowrap; position: relative; }
  /* In a corner: a row that fits still does when one is chosen. */
  .verdict[aria-pressed="true"]::before { content: "✓"; position: absolute; top: 0; right: .35rem; font-size: .8rem; }
  #recording .ways { display: grid; grid-template-columns: 1fr 1fr; }
  #reveal { grid-row: 2; grid-column: 1 / -1; }
}
`;
