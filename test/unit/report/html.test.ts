import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ReportModel } from '@shared/run/report'
import { renderHtml } from '../../../src-main/lab/report/html'
import { reportJson } from '../../../src-main/lab/report/json'
import { reportFormat, saveReport } from '../../../src-main/lab/report/save'
import { sections } from '../../../src-main/lab/report/sections'
import { model } from './model'

function changed(change: (copy: ReportModel) => void): ReportModel {
  const copy = structuredClone(model)
  change(copy)
  return copy
}

/** What a reader sees: no markup, entities resolved, white space folded. */
function textOf(html: string): string {
  const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }
  const body = html.slice(html.indexOf('<body>')).replace(/<[^>]*>/g, ' ')
  return body.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity).replace(/\s+/g, ' ')
}

describe('HTML report', () => {
  const html = renderHtml(model)

  it('has every section, in reading order, and the numbers of the report', () => {
    const found = [...html.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id)
    expect(found).toEqual(sections.filter(({ render }) => render(model) !== null).map(({ id }) => id))
    const text = textOf(html)
    for (const words of ['HELD', '99.31 %', '31.8 ms', '310 ms', '11,003', 'seed 42', '7/7', model.report.plan.sha256, model.hypothesis!]) {
      expect(text).toContain(words)
    }
  })

  it('draws the operations that no order explains, where there are such', () => {
    const [put, get] = [
      { client: 'c1', key: 'k7', op: 'put' as const, value: 'new', outcome: 'ok' as const, start_ns: 0, end_ns: 1e6 },
      { client: 'c2', key: 'k7', op: 'get' as const, result: 'old', outcome: 'ok' as const, start_ns: 2e6, end_ns: 3e6 },
    ]
    const violated = changed((copy) => {
      copy.violation = { key: 'k7', operations: [put, get], longest_order: [0], prefix: { operations: 40, until_ns: 3e6 } }
    })
    expect(renderHtml(violated)).toContain('\n  c1  |-1-|\n  c2          |-2-|\n')
    expect(textOf(renderHtml(violated))).toContain('2 get → "old" 2.000 ms to 3.000 ms')
    expect(html).not.toContain('class="lanes"')
  })

  it('stands alone: no script, nothing to load, and a policy that forbids it', () => {
    expect(html).not.toMatch(/<script|<img|<iframe|<object|<embed|@import|\bsrc=|\son\w+=/i)
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, target]) => target)
    expect(links.filter((target) => !target!.startsWith('#'))).toEqual(['data:,'])
    expect([...html.matchAll(/url\(([^)]*)\)/g)].every(([, target]) => target!.startsWith('#'))).toBe(true)
    expect(html).toContain('Content-Security-Policy')
  })

  it('nothing that a person wrote becomes markup, wherever it stands', () => {
    const evil = `<script>alert('1')</script>"&`
    const nasty = changed((copy) => {
      const { report, timeline } = copy
      report.plan.title = evil
      report.invalid.push(evil)
      report.valid = false
      report.stopped_by = evil
      report.host.cpu = evil
      report.linearizable.reason = evil
      const operations = [{ client: evil, key: evil, op: 'get' as const, outcome: 'ok' as const, result: evil, start_ns: 0, end_ns: 1 }]
      copy.violation = { key: evil, operations, longest_order: [], prefix: { operations: 1, until_ns: 1 } }
      report.expectations[0] = { metric: evil, fault: evil, slo: evil, expected: evil, observed: evil, held: false }
      report.faults[0] = { ...report.faults[0]!, id: evil, targets: [evil] }
      timeline.faults[0] = { ...timeline.faults[0]!, id: evil, targets: [evil] }
      timeline.nodes[0] = { id: evil, spans: [{ fromMs: 0, toMs: 60_000, state: 'leader', label: evil }] }
      timeline.leadership[0]!.label = evil
      timeline.log[0]!.text = evil
      copy.hypothesis = evil
      copy.planText = evil
    })
    const rendered = renderHtml(nasty)
    expect(rendered).not.toContain('<script')
    expect(rendered).not.toMatch(/"&"|alert\('/)
    expect(textOf(rendered).split(evil).length).toBeGreaterThan(12)
  })

  it('has no broken numbers and no element left open, whatever is missing', () => {
    const empty = changed(({ report, timeline }) => {
      Object.assign(report, { expectations: [], faults: [], cpu: [], verdict: 'INCONCLUSIVE', end: 'ERRORED' })
      report.latency_ms = { p50: null, p90: null, p99: null, p999: null, max: null }
      report.availability = { requests: null, slices: null }
      report.requests = { total: 0, ok: 0, fail: 0, unknown: 0 }
      const bins = { ...timeline.bins, startMs: [], ok: [], fail: [], unknown: [], availability: [], p50: [], p99: [], max: [] }
      Object.assign(timeline, { toMs: 0, phases: [], faults: [], nodes: [], leadership: [], log: [], bins })
    })
    const silent = changed(({ timeline: { bins } }) => {
      for (const series of [bins.p50, bins.p99, bins.max, bins.availability]) series.fill(null)
      for (const series of [bins.ok, bins.fail, bins.unknown]) series.fill(0)
    })
    for (const rendered of [renderHtml(model), renderHtml(empty), renderHtml(silent)]) {
      expect(rendered).not.toMatch(/NaN|Infinity|undefined|\bnull\b|\[object/)
      for (const element of ['section', 'table', 'svg', 'text', 'dl', 'figure', 'details', 'div', 'span']) {
        const opened = rendered.match(new RegExp(`<${element}[ >]`, 'g'))?.length ?? 0
        expect(rendered.match(new RegExp(`</${element}>`, 'g'))?.length ?? 0, element).toBe(opened)
      }
    }
    expect(textOf(renderHtml(empty))).toContain('The plan expects nothing')
  })

  it('an invalid run says so and why, above its numbers', () => {
    const invalid = renderHtml(
      changed(({ report }) => {
        report.valid = false
        report.invalid = ['send lag p99 was 4.1 ms']
      }),
    )
    const text = textOf(invalid)
    expect(invalid).not.toContain('class="verdict HELD"')
    expect(text.indexOf('This run is not valid')).toBeGreaterThan(0)
    expect(text.indexOf('send lag p99 was 4.1 ms')).toBeLessThan(text.indexOf('Availability'))
    expect(textOf(html)).not.toContain('This run is not valid')
  })

  it('a missed expectation is named with what was observed', () => {
    const missed = changed(({ report }) => {
      report.verdict = 'NOT_HELD'
      report.expectations[1] = { ...report.expectations[1]!, observed: 3210, held: false }
    })
    expect(textOf(renderHtml(missed))).toContain('3 of 4 expectations were met: recovery of crash-1 was 3.21 s, expected <= 2s.')
  })

  it('who led is read from the lanes where leadership itself does not say', () => {
    const text = textOf(
      renderHtml(
        changed(({ timeline }) => {
          for (const span of timeline.leadership) delete span.label
        }),
      ),
    )
    expect(text).toMatch(/17.3 s 300 ms none/)
    expect(text).toMatch(/17.0 s n2, term 1 /)
    expect(text).toMatch(/42.7 s n3, term 2 /)
  })

  it('a fault that was never recovered from is not shown with a time', () => {
    const text = textOf(renderHtml(model))
    expect(text).toContain('not by 60 s')
    expect(text).toMatch(/Longest recovery not restored/)
    expect(text).toContain('pause n5 (never verified)')
  })
})

describe('formats', () => {
  it('JSON is exactly the report', () => {
    expect(JSON.parse(reportJson(model))).toStrictEqual(model.report)
  })

  it('each is written under its own name, and nothing else is', () => {
    const dir = mkdtempSync(join(tmpdir(), 'faultline-report-'))
    const out = join(dir, 'made')
    expect(saveReport(model, 'json', out)).toBe(join(out, 'report.json'))
    saveReport(model, 'html', out)
    expect(readdirSync(out).toSorted()).toEqual(['report.html', 'report.json'])
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toBe(renderHtml(model))
    rmSync(dir, { recursive: true })
  })

  it('those of later versions are refused by name', () => {
    expect(reportFormat('html')).toEqual({ ok: true, format: 'html' })
    expect(reportFormat('pdf')).toEqual({ ok: false, message: 'report as pdf: not in this version' })
    expect(reportFormat('toString')).toMatchObject({ ok: false, message: expect.stringContaining('html, json') })
  })
})
