/**
 * A plan's text in, a plan or what is wrong with it out. Never throws, whatever the text: everything that a
 * person can write wrong is a problem with a line, a column and, where there is one, the nearest right word.
 */
import { LineCounter, parseDocument, visit, type Alias, type Document } from 'yaml'
import { checkPlan } from './check'
import { described, integer, text } from './field'
import { laterKeys } from './later'
import { openMap, type PlanMap } from './map'
import { votersOf } from './outage'
import type { Plan, Problem } from './plan'
import { readBlastRadius, readCluster } from './sections/cluster'
import { readExpectations, readGuards, readSlos } from './sections/judging'
import { readLoads } from './sections/load'
import { readMonkey } from './sections/monkey'
import { readPhases, readTimeline } from './sections/timeline'
import { readZones } from './sections/zones'
import { Source, writtenText } from './source'
import { syntaxProblems } from './syntax'
import { MONKEY } from './unfold'

const PLAN_BYTES_MAX = 1024 * 1024
const ALIASES_MAX = 100

/** The version of the plan format that is read here. */
const VERSION = 1

const keys = {
  known: ['faultline', 'title', 'hypothesis', 'seed', 'cluster', 'zones', 'blastRadius', 'load', 'phases', 'timeline', 'monkey', 'slos', 'expect', 'guards'],
  later: laterKeys.plan,
}

const fields = {
  title: text({ help: 'what the plan is about, e.g. title: Leader crash under load', maxLength: 200 }),
  hypothesis: text({ help: 'what is expected to happen', maxLength: 2000 }),
  seed: { ...integer({ help: 'start of all chance in the run', min: 0, max: Number.MAX_SAFE_INTEGER }), initial: 42 },
}

export interface ParsedPlan {
  /** null where there is an error; warnings leave it usable */
  plan: Plan | null
  /** in the order of the text */
  problems: Problem[]
}

export function parsePlan(planText: string): ParsedPlan {
  const tooMuch = refusalOfSize(planText)
  if (tooMuch) return { plan: null, problems: [tooMuch] }
  const lines = linesOf(planText)
  const document = readYaml(planText)
  if (document === null) return { plan: null, problems: [problemAtStart('this is nested too deeply to be a plan')] }
  const syntax = syntaxProblems(planText, document, lines)
  if (syntax.length > 0) return { plan: null, problems: syntax }
  const source = new Source(document, lines)
  const plan = readPlan(source, document)
  const problems = source.problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
  return { plan: source.hasErrors() ? null : plan, problems }
}

function readPlan(source: Source, document: Document): Plan | null {
  if (!aliasesLead(source, document)) return null
  if (document.contents === null) {
    source.error('', 'the plan is empty', `faultline: ${VERSION}`)
    return null
  }
  const map = openMap(source, '', document.contents, keys)
  if (!map || !readVersion(map)) return null
  const title = map.read('title', fields.title)
  const cluster = readCluster(map)
  const nodeIds = cluster.nodes.map((node) => node.id)
  const loads = readLoads(map, nodeIds)
  const parts = { nodes: cluster.nodes, groups: loads.map(({ name }) => name) }
  const timeline = readTimeline(map, parts)
  const monkey = readMonkey(map, parts)
  const plan: Plan = {
    faultline: VERSION,
    title: title ?? '',
    hypothesis: map.readOptional('hypothesis', fields.hypothesis),
    seed: map.readOr('seed', fields.seed),
    cluster,
    zones: readZones(map, cluster.nodes),
    blastRadius: readBlastRadius(map, votersOf(cluster.nodes).length),
    loads,
    phases: readPhases(map),
    timeline: timeline.entries.map((entry) => entry.spec),
    monkey,
    slos: readSlos(map),
    expect: readExpectations(map, monkey ? [...timeline.ids, MONKEY] : timeline.ids),
    guards: readGuards(map),
  }
  checkPlan(plan, new Map([...timeline.entries.map(({ path, spec }): [string, string] => [spec.id, path]), [MONKEY, MONKEY]]), source)
  return plan
}

/** A plan of another version is not judged by the rules of this one. */
function readVersion(map: PlanMap): boolean {
  if (!map.has('faultline')) {
    map.source.error('faultline', 'faultline is missing: the version of the plan format', `faultline: ${VERSION}`)
    return true
  }
  const node = map.node('faultline')
  if (writtenText(node) === String(VERSION)) return true
  map.source.refuse('faultline', `${described(node)} is no version that is known here: only ${VERSION} is`, String(VERSION), node)
  return false
}

/** Counted here: where the library's parser gives up, it has not come to the lines after it, and its errors may lie there. */
function linesOf(planText: string): LineCounter {
  const lines = new LineCounter()
  lines.addNewLine(0)
  for (let at = planText.indexOf('\n'); at >= 0; at = planText.indexOf('\n', at + 1)) lines.addNewLine(at + 1)
  return lines
}

/** @returns null where the nesting is deeper than the reader's stack */
function readYaml(planText: string): Document | null {
  try {
    // Repeated keys are found by our own reading: the library compares each key with all others.
    return parseDocument(planText, { prettyErrors: false, uniqueKeys: false, version: '1.2' })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** @returns whether there are not too many aliases, and each has its anchor; what is wrong was reported */
function aliasesLead(source: Source, document: Document): boolean {
  const aliases: Alias[] = []
  visit(document, {
    Alias(_key, alias) {
      aliases.push(alias)
      return aliases.length > ALIASES_MAX ? visit.BREAK : undefined
    },
  })
  if (aliases.length > ALIASES_MAX) {
    source.error('', `more than ${ALIASES_MAX} aliases`, null, aliases.at(-1)!)
    return false
  }
  const loose = aliases.filter((alias) => source.resolve(alias) === null)
  for (const alias of loose) source.error('', `there is no anchor &${alias.source} before this`, null, alias)
  return loose.length === 0
}

function refusalOfSize(planText: string): Problem | null {
  // Every UTF-16 unit is at most three bytes of UTF-8; exact only where it matters.
  const bytes = planText.length > PLAN_BYTES_MAX ? planText.length : new TextEncoder().encode(planText).length
  return bytes > PLAN_BYTES_MAX ? problemAtStart('a plan is at most 1 MiB of text') : null
}

function problemAtStart(message: string): Problem {
  return { severity: 'error', line: 1, column: 1, path: '', message, suggestion: null }
}
