import { PAGE_STYLE } from '../../../../platform/page/page-style.js';

/** The page's own style, after that of all pages. */
export const STYLE = `${PAGE_STYLE}
.timeline .usual { fill: var(--first); } .timeline .notable { fill: var(--second); } .timeline .more { fill: var(--plain); } .timeline .quiet { fill: var(--quiet); }
.legend .usual { --swatch: var(--first); } .legend .notable { --swatch: var(--second); } .legend .more { --swatch: var(--plain); } .legend .quiet { --swatch: var(--quiet); }
h3 { margin-top: 1.3rem; }
.scrolls { overflow-x: auto; }
.transcript { list-style: none; margin: .8rem 0 0; padding: 0; max-width: 46rem; }
.transcript li { display: grid; grid-template-columns: 4.2rem 1fr; gap: .6rem; margin: 0 0 .45rem; }
.transcript time { color: var(--soft); font-size: .88rem; font-variant-numeric: tabular-nums; padding-top: .1rem; }
.questions { margin: .8rem 0 0; padding-left: 1.3rem; }
.questions li { margin: 0 0 .6rem; }
.plain { margin: .5rem 0 .3rem; }
.plain th, .plain td { text-align: left; font-weight: 400; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); }
.plain th { color: var(--soft); width: 14rem; }
@media (max-width: 40rem) { .plain th, .plain td { display: block; width: auto; } .plain th { border: 0; padding-bottom: 0; } }
`;
