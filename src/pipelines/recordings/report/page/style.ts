import { PAGE_STYLE } from '../../../../platform/page/page-style.js';

/** The page's own style, after that of all pages. */
export const STYLE = `${PAGE_STYLE}
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 0 1.25rem; }
.bars { margin: .7rem 0 .4rem; }
.bars th, .bars td { padding: .32rem 0; vertical-align: middle; }
.bars th { text-align: left; font-weight: 400; padding-right: 1rem; width: 46%; }
.bars th small { display: block; color: var(--soft); line-height: 1.35; }
.bars .number { padding-right: .8rem; width: 1%; }
.bars .bar svg { display: block; width: 100%; height: .7rem; border-radius: 3px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.figures .anomaly .value { color: var(--second); }
rect.normal { fill: var(--first); } rect.anomaly { fill: var(--second); } rect.plain { fill: var(--plain); } rect.quiet { fill: var(--quiet); }
.legend .normal { --swatch: var(--first); } .legend .anomaly { --swatch: var(--second); }
.recordings { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 29rem), 1fr)); gap: 1.1rem; }
.recording { border: 1px solid var(--line); border-radius: .7rem; padding: 1rem 1.1rem; break-inside: avoid; min-width: 0; display: flex; flex-direction: column; }
.recording .head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 1rem; align-items: baseline; }
.recording .score { font-weight: 650; font-variant-numeric: tabular-nums; white-space: nowrap; }
.recording .score.anomaly { color: var(--second); }
.recording .facts { color: var(--soft); font-size: .88rem; margin: .1rem 0 .6rem; }
.recording ul { margin: 0 0 .7rem; padding-left: 1.15rem; }
.recording li { margin: .1rem 0; }
.recording li .soft { white-space: nowrap; }
.recording .drawn { margin: auto 0 0; }
.recording .wave { display: block; width: 100%; height: 4.2rem; background: var(--track); border-radius: .4rem .4rem 0 0; }
.recording .wave path { fill: var(--first); }
.recording img { display: block; width: 100%; height: 7.5rem; border-radius: 0 0 .4rem .4rem; background: #000004; }
.recording .scale { display: flex; justify-content: space-between; color: var(--soft); font-size: .8rem; font-variant-numeric: tabular-nums; margin-top: .2rem; }
.recording audio { width: 100%; margin-top: .6rem; }
.recording .missing { color: var(--soft); background: var(--track); border-radius: .4rem; padding: .8rem 1rem; margin: auto 0 0; font-size: .92rem; }
.recording .ids { color: var(--soft); font-size: .78rem; margin: .55rem 0 0; font-family: ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
@media print {
  .recordings { grid-template-columns: 1fr 1fr; }
  audio { display: none !important; }
}
`;
