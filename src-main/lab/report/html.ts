/** The report as one HTML file that makes no request and needs no script: to be mailed, archived and printed. */
import type { ReportModel } from '@shared/run/report'
import { look } from './look'
import { Markup, markup } from './markup'
import { sections } from './sections'

/** Nothing may be loaded, whatever finds its way into the file. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

export function renderHtml(model: ReportModel): string {
  const { report } = model
  const rendered = sections.flatMap((section) => {
    const body = section.render(model)
    return body ? [{ ...section, body }] : []
  })
  const contents = rendered.slice(1).map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)
  const bodies = rendered.map(({ id, title, body }, i) => {
    const heading = i === 0 ? markup`<h2 class="unseen">${title}</h2>` : markup`<h2>${title}</h2>`
    return markup`<section id="${id}">${heading}\n${body}</section>`
  })
  const started = model.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${report.plan.title}: ${report.verdict.replace('_', ' ')}</title>
<style>${new Markup(look)}</style>
</head>
<body>
<header>
<p class="kicker">Faultline report</p>
<h1>${report.plan.title}</h1>
<p class="meta">${started} · run <code>${report.run}</code> · seed <code>${report.plan.seed}</code></p>
</header>
<main>
${bodies.slice(0, 1)}
<nav aria-label="Contents"><ol>${contents}</ol></nav>
${bodies.slice(1)}
</main>
</body>
</html>
`.text
}
