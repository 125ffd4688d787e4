import { join, resolve } from 'node:path'
import { Archive } from '../../lab/archive'
import { writeRunFiles } from '../../lab/conduct/files'
import { Run } from '../../lab/conduct/run'
import { EXIT } from '../../lab/failure'
import { dataFolder } from '../../lab/launch/paths'
import { onInterrupt } from '../interrupt'
import { outputOf } from '../output'
import { readPlan, seedFor } from '../plan-file'
import { Progress } from '../progress'
import { exitOf, summaryOf } from '../summary'
import type { Verb } from '../verb'

export const run: Verb = {
  name: 'run',
  usage: 'PLAN [--seed N] [--out DIR] [--allow-concurrent]',
  summary: 'runs a plan, records it, and says whether its hypothesis held',
  example: 'faultline run resources/plans/leader-crash.yaml --out /tmp/crash',
  options: { seed: { type: 'string' }, out: { type: 'string' }, 'allow-concurrent': { type: 'boolean' } },
  words: [1, 1],
  help: [
    "  --seed N             another seed than the plan's",
    '  --out DIR            where report.json, report.html and history.jsonl go (default: runs/<id> in the data folder)',
    '  --allow-concurrent   run even if another run is measuring; marks both invalid',
  ].join('\n'),
  async run({ positionals, values, json }) {
    const out = outputOf(json)
    const { text, plan } = readPlan(positionals[0]!)
    const seed = seedFor(plan, values.seed)
    const archive = await Archive.open(dataFolder())
    for (const { kind, what } of archive.swept.undone) process.stderr.write(`cleaned up after an engine that was killed: ${kind} ${what}\n`)
    const progress = new Progress(out.line, plan)
    const going = new Run({
      plan,
      planText: text,
      seed,
      store: archive.store,
      data: archive.data,
      allowConcurrent: values['allow-concurrent'] === true,
      onLine: (atMs, source, line) => progress.line(atMs, source, line),
      onStep: (step) => progress.step(step),
      onFrame: (frame) => progress.frame(frame),
    })
    let interrupted = false
    const release = onInterrupt((by) => {
      interrupted = true
      process.stderr.write(`\n${by}: stopping, cleaning up\n`)
      going.stop('person')
    })
    try {
      await going.begin()
      const model = await going.execute()
      progress.end()
      const dir = resolve(typeof values.out === 'string' ? values.out : join(archive.data.runs, going.id))
      const html = writeRunFiles(archive.store, model, dir)
      out.line(summaryOf(model.report))
      out.line(`\nreport   ${html}`)
      out.document(model.report)
      return interrupted && model.report.end === 'CANCELED' ? EXIT.canceled : exitOf(model.report)
    } finally {
      progress.end()
      release()
      archive.close()
    }
  },
}
