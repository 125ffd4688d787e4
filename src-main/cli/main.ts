/** The command line: the engine without a window. */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { nearestWord } from '@shared/plan/nearest'
import { VERSION } from '../lab/conduct/host'
import { EXIT, LabFailure } from '../lab/failure'
import { StoreFailure } from '../lab/store/failure'
import { printFailure } from './output'
import { BadPlan } from './plan-file'
import type { Verb } from './verb'
import { laterVerbs, verbs } from './verbs'

z.config({ jitless: true })

const COMMON = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const

async function main(words: string[]): Promise<number> {
  const [name, ...rest] = words
  if (name === '--version') return say(VERSION)
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return say(overview(), name === undefined ? EXIT.usage : EXIT.held)
  if (laterVerbs.includes(name)) throw new LabFailure('usage', `${name}: not in this version`)
  const verb = verbs.find((candidate) => candidate.name === name)
  if (!verb) {
    const near = nearestWord(name, verbs.map((candidate) => candidate.name))
    throw new LabFailure('usage', `unknown verb "${name}"`, near ? `did you mean "${near}"? --help lists all` : '--help lists all')
  }
  const { values, positionals } = parsed(verb, rest)
  if (values.help === true) return say(helpOf(verb))
  const [fewest, most] = verb.words
  if (positionals.length < fewest || positionals.length > most) throw new LabFailure('usage', `usage: faultline ${verb.name} ${verb.usage}`)
  return verb.run({ positionals, values, json: values.json === true })
}

function parsed(verb: Verb, words: string[]): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: words, options: { ...verb.options, ...COMMON }, allowPositionals: true, strict: true })
    return { values: values as Record<string, string | boolean | undefined>, positionals }
  } catch (error) {
    throw new LabFailure('usage', (error as Error).message, `usage: faultline ${verb.name} ${verb.usage}`)
  }
}

function say(text: string, exit: number = EXIT.held): number {
  ;(exit === EXIT.held ? process.stdout : process.stderr).write(`${text}\n`)
  return exit
}

function overview(): string {
  return [
    `Faultline ${VERSION}: a chaos-engineering lab for consensus`,
    '',
    'faultline VERB …   (in a checkout: npm run -s faultline -- VERB …)',
    '',
    ...verbs.map((verb) => `  ${verb.name.padEnd(9)} ${verb.summary}`),
    '',
    'Every verb takes --json (one JSON document on stdout) and --help.',
    'Exit: 0 held or done · 99 not held · 98 inconclusive, invalid or errored · 2 bad usage or plan · 3 something missing · 130 canceled · 1 our bug',
    `Example: ${verbs.find((verb) => verb.name === 'run')!.example}`,
  ].join('\n')
}

function helpOf(verb: Verb): string {
  const help = [...(verb.help ? [verb.help] : []), '  --json   one JSON document on stdout, everything else on stderr'].join('\n')
  return `faultline ${verb.name} ${verb.usage}\n\n${verb.summary}\n\n${help}\n\nExample: ${verb.example}`
}

function failed(error: unknown, json: boolean): number {
  if (error instanceof LabFailure) {
    const problems = error instanceof BadPlan ? { problems: error.problems } : {}
    printFailure(json, { code: error.code, message: error.message, remedy: error.remedy, ...problems })
    return error.exit
  }
  if (error instanceof StoreFailure) {
    printFailure(json, { code: error.code, message: error.message, remedy: error.remedy })
    return EXIT.missing
  }
  printFailure(json, { code: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error), remedy: 'this is a bug of Faultline' })
  return EXIT.bug
}

process.stdout.on('error', () => process.exit(EXIT.bug)) // the reader went away; children are cleaned up by the janitor

const words = process.argv.slice(2)
main(words)
  .catch((error: unknown) => failed(error, words.includes('--json')))
  .then((code) => {
    process.exitCode = code
    // a handle that lingers must not keep us: everything that matters was awaited
    process.stdout.write('', () => process.exit(code))
  })
