/**
 * The floors of the house: who may use whom. A room uses only what is below it; what is pure stays pure.
 * FAULTLINE_LINT_ROOT lets the test of these rules run them on a tree with planted violations.
 */
const path = require('node:path')

const root = process.env.FAULTLINE_LINT_ROOT ?? path.resolve(__dirname, '..')

/** Rooms of src-main from the ground up. Those on one floor don't know each other. */
const floors = [['raft'], ['node', 'workload', 'janitor', 'burner', 'setup'], ['lab'], ['sim'], ['cli', 'app']]

/** Rooms of the lab, likewise: what runs an experiment, and beside it what reads its records. */
const labFloors = [['launch', 'store'], ['cluster', 'judge'], ['faults', 'report'], ['conduct']]

/** The one file of the simulator that knows the judge. */
const judged = '^src-main/sim/judge-history\\.ts$'

const libraries = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown']

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })

/** One rule a room: nothing of its own floor or above. @param {string} house @param {string[][]} storeys */
function upwards(house, storeys) {
  const rules = []
  for (const [floor, rooms] of storeys.entries())
    for (const room of rooms) {
      const beyond = storeys.slice(floor).flat().filter((other) => other !== room)
      if (beyond.length === 0) continue
      const to = { path: beyond.map((other) => `^${house}/${other}/`) }
      rules.push(forbid(`no-import-upwards-from-${room}`, `${room} uses only what is below it`, { path: `^${house}/${room}/` }, to))
    }
  return rules
}

module.exports = {
  forbidden: [
    ...upwards('src-main', floors),
    ...upwards('src-main/lab', labFloors),
    forbid('report-reads-no-records', 'the report reads the verdict', { path: '^src-main/lab/report/' }, { path: '^src-main/lab/(store|launch|cluster)/' }),
    forbid('judge-reads-records-only', 'the judge never sees what runs', { path: '^src-main/lab/judge/' }, { path: '^src-main/lab/launch/' }),
    forbid(
      'sim-uses-what-is-pure',
      'worlds run on the core, the state machine and the log encoding, on nothing that does I/O',
      { path: '^src-main/sim/' },
      { path: '^src-main/(node|workload|janitor|setup)/', pathNot: '^src-main/node/(state/|storage/record\\.ts$|peers/round-trip\\.ts$)' },
    ),
    forbid('sim-is-no-lab', 'one place hands the judge to worlds', { path: '^src-main/sim/', pathNot: judged }, { path: '^src-main/lab/' }),
    forbid('sim-takes-only-the-judge', 'of the lab only the judge', { path: judged }, { path: '^src-main/lab/', pathNot: '^src-main/lab/judge/' }),
    forbid(
      'worlds-without-node',
      'threads belong to the runner; a world reads no clock and no file',
      { path: '^src-main/sim/', pathNot: '^src-main/sim/(runner|worker)\\.ts$' },
      { dependencyTypes: ['core'] },
    ),
    forbid('shared-is-the-ground', 'src-shared speaks for everybody and knows nobody', { path: '^src-shared/' }, { path: '^src-(main|renderer)/' }),
    forbid('main-is-not-the-page', 'main-side code uses nothing of the renderer', { path: '^src-main/' }, { path: '^src-renderer/' }),
    forbid('page-is-not-main', 'the renderer uses only itself and src-shared', { path: '^src-renderer/' }, { path: '^src-main/' }),
    forbid('page-has-no-node', 'the renderer is sandboxed', { path: '^src-renderer/' }, { dependencyTypes: ['core'] }),
    forbid(
      'page-has-no-main-library',
      'the renderer is sandboxed',
      { path: '^src-renderer/' },
      { path: 'node_modules/(better-sqlite3|prom-client|toxiproxy-node-client)/' },
    ),
    forbid('pure-without-node', 'src-shared and the Raft core are pure', { path: ['^src-shared/', '^src-main/raft/'] }, { dependencyTypes: ['core'] }),
    forbid(
      'shared-uses-pure-libraries',
      'src-shared uses only libraries that touch nothing',
      { path: '^src-shared/' },
      { dependencyTypes: libraries, pathNot: 'node_modules/(zod|yaml|hdr-histogram-js)/' },
    ),
    forbid('core-without-libraries', 'the Raft core uses no library', { path: '^src-main/raft/' }, { dependencyTypes: libraries }),
    forbid('electron-only-in-app', 'one place knows Electron', { pathNot: '^src-main/app/' }, { path: ['node_modules/electron/', '^electron$'] }),
    forbid(
      'database-only-in-store',
      'one place opens the database; a lock file is one too, since only its lock dies with its process',
      { pathNot: ['^src-main/lab/store/', '^src-main/lab/launch/', '^src-main/janitor/lock\\.ts$'] },
      { path: ['node_modules/better-sqlite3/', '^better-sqlite3$', 'node_modules/@types/better-sqlite3/'] },
    ),
    forbid('no-tests-in-the-app', 'what ships uses nothing of the tests', { path: '^src-' }, { path: '^test/' }),
    forbid('not-circular', 'a circle has no ground floor', {}, { circular: true }),
    forbid('resolvable', 'an import that leads nowhere hides from every other rule', {}, { couldNotResolve: true }),
  ],
  options: {
    baseDir: root,
    tsPreCompilationDeps: true, // type-only imports bind rooms as well
    tsConfig: { fileName: path.join(root, 'tsconfig.json') },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
}
