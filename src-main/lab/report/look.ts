/** The report's style sheet: light by default and on paper, dark where the reader's system is. Colours as in the window. */

import { faultFamilies } from '@shared/plan/faults/fault'

const LIGHT = `--ground:#fff;--panel:#f6f7f9;--line:#dde1e6;--line-strong:#aeb6bf;--text:#1a2027;--soft:#57616c;
--accent:#2f55c4;
--held:#0c6b45;--held-ground:#dcf3e8;--not-held:#b3141b;--not-held-ground:#fde3e2;--open:#4b5560;--open-ground:#e7eaee;
--warning:#805a00;--warning-ground:#fdf4dc;--leader:#cc6d0a;--candidate:#6d1184;--follower:#0498ec;--learner:#033421;
--paused:#8e939a;
--down:#5d6267;--process:#891400;--network:#1f80ee;--storage:#380962;--clock:#b98f01;--resource:#0b7a6c;--traffic:#b83a92;--operator:#5f7a12;
--ok:#6bb898;--fail:#d9770f;--unknown:#7c68c4;--p50:#5b8fc0;--p99:#22303e;
--max:#98a2ac;--availability:#2f55c4;--grid:#e9ecef;--on-leader:#1c0f00;`

const DARK = `--ground:#14171a;--panel:#1b1f23;--line:#2d343b;--line-strong:#47515b;--text:#e6e9ec;--soft:#a3acb5;
--accent:#86a3f9;
--held:#57c495;--held-ground:#17342a;--not-held:#ff6b66;--not-held-ground:#43191b;--open:#b4bcc4;--open-ground:#2b3138;
--warning:#d9b25c;--warning-ground:#2b2619;--leader:#fdc953;--candidate:#a33bc2;--follower:#63bbf6;--learner:#14744f;
--paused:#e8e9ea;
--down:#868b92;--process:#db3403;--network:#7fd3fa;--storage:#853bcb;--clock:#f9f5b6;--resource:#2fb5a0;--traffic:#f28fcf;--operator:#a8c94f;
--ok:#3f8f72;--fail:#e0903f;--unknown:#a493e0;--p50:#6d92b8;--p99:#dfe6ee;
--max:#7b858f;--availability:#86a3f9;--grid:#262c32;--on-leader:#1c0f00;`

const PAGE = `*{box-sizing:border-box}
body{margin:0 auto;max-width:1120px;padding:40px 40px 80px;background:var(--ground);color:var(--text);
font:14px/1.5 system-ui,-apple-system,'Segoe UI','Noto Sans','Liberation Sans',sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:30px;line-height:1.2;margin:4px 0 6px;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:18px;margin:44px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--line)}
h3{font-size:14px;margin:24px 0 8px}
code,pre{font-family:ui-monospace,'SF Mono','Cascadia Mono','DejaVu Sans Mono','Liberation Mono',monospace;font-size:12px;
overflow-wrap:anywhere}
pre{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:12px 14px;white-space:pre-wrap;
margin:0 0 12px}pre.lanes{white-space:pre;overflow-x:auto;margin-top:12px}
small{color:var(--soft)}a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
.kicker{margin:0;color:var(--soft);font-size:12px;text-transform:uppercase;letter-spacing:.08em}.meta,.note{color:var(--soft)}
.meta{margin:0}.note{font-size:13px;max-width:80ch}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
blockquote{margin:0 0 16px;padding:2px 0 2px 14px;border-left:3px solid var(--line-strong);font-size:16px}
nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;padding:0;margin:28px 0 0;font-size:13px}
.notice{background:var(--warning-ground);color:var(--warning);border-radius:6px;padding:12px 16px;margin:16px 0}
.notice ul{margin:4px 0 0;padding-left:20px}
table{border-collapse:collapse;min-width:50%;margin:0 0 16px}.scroll{overflow-x:auto}
th,td{padding:5px 20px 5px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:baseline}
th{font-size:12px;font-weight:600;color:var(--soft)}td.number,th.number{text-align:right}td.number{white-space:nowrap}
.whole{display:inline-block;white-space:nowrap;margin-right:8px}.met{color:var(--held)}
.missed{color:var(--not-held);font-weight:600}.open{color:var(--open)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:12px 24px;margin:0 0 16px}
.facts dt{color:var(--soft);font-size:12px}.facts dd{margin:0;overflow-wrap:anywhere}
.words dt{font-weight:600;margin-top:8px}.words dd{margin:0;max-width:80ch}
details.fault{border-top:1px solid var(--line);padding:8px 0}details.fault summary{margin:0}
details.fault summary b{color:var(--text)}summary{cursor:pointer;color:var(--accent);margin-bottom:8px}`

const VERDICT = `.verdict{display:flex;flex-wrap:wrap;align-items:center;gap:14px;border-radius:8px;padding:16px 20px;
margin:24px 0 0}
.verdict strong{font-size:26px;line-height:1.2;letter-spacing:.01em}.verdict .mark{font-size:24px}
.verdict .end{margin-left:auto;color:var(--text)}
.verdict.HELD{background:var(--held-ground);color:var(--held)}
.verdict.NOT_HELD{background:var(--not-held-ground);color:var(--not-held)}
.verdict.invalid,.verdict.INCONCLUSIVE{background:var(--open-ground);color:var(--open)}
.sentence{font-size:16px;margin:16px 0}.action{margin:16px 0 0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:12px}
.figures div{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:14px 18px}
.figures span,.figures small{display:block}.figures span{color:var(--soft)}
.figures strong{font-size:28px;line-height:1.3;font-weight:600}`

const FAMILIES = faultFamilies
  .map(
    (family) => `svg .planned.${family}{stroke:var(--${family})}svg .effective.${family}{fill:url(#hatch-${family})}
#hatch-${family} .ink{fill:var(--${family})}#hatch-${family} .ground{fill:var(--${family});opacity:.45}
svg .band.${family}{fill:var(--${family})}`,
  )
  .join('\n')

const CHART = `figure{margin:0}svg.timeline{display:block;width:100%;height:auto;font-family:inherit}
svg text{font-size:11px;fill:var(--text)}svg .name{text-anchor:end}svg .name.far{text-anchor:start;transform:translateX(-86px)}
svg .unit,svg .tick,svg .time{fill:var(--soft);font-size:10.5px}svg .tick{text-anchor:end}svg .time{text-anchor:middle}
svg .grid{stroke:var(--grid);stroke-width:1}svg .phase{fill:var(--panel);stroke:var(--line)}svg .in-phase{fill:var(--soft)}
svg .beside{fill:var(--soft)}svg .beside.before{text-anchor:end}
svg .planned{fill:none;stroke:var(--line-strong);stroke-dasharray:3 2}
${FAMILIES}
#hatch-paused .ground,#hatch-stale .ground{fill:none}#hatch-paused .ink{fill:var(--paused)}#hatch-stale .ink{fill:var(--leader)}
svg .band{opacity:.09}
svg .led{fill:var(--leader)}svg .none{fill:var(--text)}svg .in-none{fill:var(--ground)}
svg .state.leader{fill:var(--leader)}svg .state.follower{fill:var(--follower)}svg .state.learner{fill:var(--learner)}
svg .state.candidate{fill:var(--candidate);stroke:var(--text);stroke-dasharray:2 2}
svg .state.paused{fill:url(#hatch-paused);stroke:var(--paused)}svg .state.down{fill:none;stroke:var(--down)}
svg .state.stale-leader{fill:url(#hatch-stale);stroke:var(--leader)}svg .in-state.leader{fill:var(--on-leader)}
svg .in-state.candidate{fill:#fff}svg .in-state.down{fill:var(--soft)}
svg .in-state.paused,svg .in-state.stale-leader{paint-order:stroke;stroke:var(--ground);stroke-width:3px}
svg path.ok{fill:var(--ok)}svg path.fail{fill:var(--fail)}svg path.unknown{fill:var(--unknown)}
svg .line{fill:none;stroke-width:1.2}svg .line.p50{stroke:var(--p50)}svg .line.p99{stroke:var(--p99)}
svg .line.max{stroke:var(--max);stroke-width:.8}
svg .line.availability{stroke:var(--availability);stroke-width:1.5}
figcaption{margin-top:10px;font-size:13px;color:var(--soft)}figcaption p{margin:8px 0 0;max-width:90ch}
.key{display:inline-block;margin-right:16px;white-space:nowrap}
.swatch,.stroke{display:inline-block;width:14px;height:10px;margin-right:6px}.stroke{height:2px;vertical-align:3px}
.swatch.ok{background:var(--ok)}.swatch.fail{background:var(--fail)}.swatch.unknown{background:var(--unknown)}
.swatch.leader{background:var(--leader)}.swatch.follower{background:var(--follower);height:4px;vertical-align:2px}
.swatch.candidate{background:var(--candidate);outline:1px dashed var(--text)}.swatch.planned{border:1px dashed var(--soft)}
.swatch.effective{background:repeating-linear-gradient(45deg,var(--soft) 0 2px,transparent 2px 4px)}
.stroke.p50{background:var(--p50)}.stroke.p99{background:var(--p99)}.stroke.max{background:var(--max)}`

const PRINT = `@page{margin:16mm 14mm}@media print{body{max-width:none;padding:0;font-size:11px}h1{font-size:22px}
h2{break-after:avoid;margin-top:24px}figure,table,.figures,.verdict,.facts{break-inside:avoid}nav{display:none}
*{print-color-adjust:exact}td,th{padding-right:10px}}
@media (max-width:640px){body{padding:20px 16px 48px}svg.timeline{min-width:720px}figure{overflow-x:auto}}`

export const look = [
  `:root{color-scheme:light dark;${LIGHT}}`,
  `@media screen and (prefers-color-scheme:dark){:root{${DARK}}}`,
  ...[PAGE, VERDICT, CHART, PRINT],
].join('\n')
