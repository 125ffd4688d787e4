/** Bad plans: each says where it is wrong and what to write instead. `^` stands where the problem must point. */
import { describe, expect, it } from 'vitest'
import type { Problem } from '@shared/plan/plan'
import { parsePlan } from '@shared/plan/parse'

const HEAD = 'faultline: 1\ntitle: T\nexpect: [{ metric: lost_writes, is: "== 0" }]\n'
const at = (text: string): { text: string; line: number; column: number } => {
  const offset = text.indexOf('^')
  if (offset < 0) throw new Error('no ^ in the plan')
  const before = text.slice(0, offset).split('\n')
  return { text: text.replace('^', ''), line: before.length, column: before.at(-1)!.length + 1 }
}
const errors = (text: string): Problem[] => parsePlan(text).problems.filter((problem) => problem.severity === 'error')

/** [plan after the head, path, part of the message, suggestion] */
type Row = [plan: string, path: string, message: string, suggestion: string | null]
const entry = (rest: string): string => `timeline:\n  - { id: a, at: 1s, for: 1s, ${rest} }\n`

const ZONES = 'cluster: { nodes: [{ id: a1, zone: a }, { id: a2, zone: a }, { id: b1, zone: b }, { id: b2, zone: b }, { id: c1, zone: c }] }\n'
const CRASH = 'fault: crash, target: leader'

const MEMBERS = 'cluster: { nodes: [{ id: oslo }, { id: bonn }, { id: rome }, { id: lima, spare: true }, { id: oran, spare: true }] }\n'
const later = (rest: string): string => `  - { id: b, at: 10s, for: 1s, ${rest} }\n`

/** Three voters and two that have no vote: the quorum is two. */
const LEARNER = 'cluster: { nodes: [{ id: a }, { id: b }, { id: c }, { id: d, learner: true }, { id: e, learner: true }] }\n'

const rows: Record<string, Row[]> = {
  keys: [
    ['^clustr: {}', 'clustr', 'unknown key', 'cluster'],
    ['cluster: { raft: { ^heartbeet: 50ms } }', 'cluster.raft.heartbeet', 'unknown key', 'heartbeat'],
    ['seed: 1\n^seed: 2', 'seed', 'twice', null],
    ['^<<: { seed: 1 }', '<<', 'unknown key', null],
    ['cluster: ^5', 'cluster', 'where a map was expected', null],
    ['timeline: ^{ id: a }', 'timeline', 'a map where a list was expected', null],
    ['cluster: { nodes: ^"5" }', 'cluster.nodes', 'not a whole number', '5'],
    ['cluster: { nodes: ^10 }', 'cluster.nodes', 'more than 9', '9'],
    ['seed: ^-1', 'seed', 'less than 0', '0'],
    ['seed: ^9007199254740992', 'seed', 'more than', '9007199254740991'],
    ['hypothesis: ^[]', 'hypothesis', 'a list is not a text', null],
  ],
  units: [
    ['cluster: { raft: { electionTimeout: [^150, 300ms] } }', 'cluster.raft.electionTimeout[0]', 'no unit', '150ms'],
    ['phases: { warmup: ^5 }', 'phases.warmup', 'no unit', '5s'],
    ['load: { rate: ^200 }', 'load.rate', 'no unit', '200/s'],
    ['load: { valueSize: ^128 }', 'load.valueSize', 'no unit', '128B'],
    ['load: { valueSize: ^8B }', 'load.valueSize', 'less than 64B', '64B'],
    ['slos: [{ name: a, objective: ^99 }]', 'slos[0].objective', 'no unit', '99%'],
    ['slos: [{ name: a, objective: ^101% }]', 'slos[0].objective', 'more than 100%', '100%'],
    ['cluster: { network: { latency: ^7.5ms } }', 'cluster.network.latency', 'whole milliseconds', '8ms'],
    [entry('fault: latency, target: n1, latency: ^0.5ms'), 'timeline[0].latency', 'whole milliseconds', '1ms'],
  ],
  cluster: [
    ['cluster: { raft: { electionTimeout: ^[300ms, 150ms] } }', 'cluster.raft.electionTimeout', 'more than the longest', '[150ms, 300ms]'],
    ['cluster: { raft: { electionTimeout: ^200ms } }', 'cluster.raft.electionTimeout', 'a range', '[200ms, 400ms]'],
    ['cluster: { raft: { heartbeat: ^100ms } }', 'cluster.raft.heartbeat', 'half the shortest election timeout', '50ms'],
    ['cluster: { raft: { reads: ^strong } }', 'cluster.raft.reads', 'not one of', 'linearizable'],
    ['cluster: { raft: { preVote: ^yes } }', 'cluster.raft.preVote', 'neither true nor false', 'true'],
    ['cluster: { network: { latency: 5ms, jitter: ^10ms } }', 'cluster.network.jitter', 'more than latency', '5ms'],
    ['cluster: { nodes: [{ id: a }, { id: ^a }] }', 'cluster.nodes[1].id', 'two nodes', null],
    ['cluster: { nodes: [{ id: ^leader }] }', 'cluster.nodes[0].id', "a target's name", null],
    ['cluster: { nodes: [{ id: ^n-1 }] }', 'cluster.nodes[0].id', 'a name of letters', null],
    ['cluster: { nodes: [{ id: a, priority: ^101 }] }', 'cluster.nodes[0].priority', 'more than 100', '100'],
    ['cluster: { nodes: [{ id: a, ^prioritty: 1 }] }', 'cluster.nodes[0].prioritty', 'unknown key', 'priority'],
    ['cluster: { nodes: [{ id: a }, { id: b, learner: ^yes }] }', 'cluster.nodes[1].learner', 'neither true nor false', 'true'],
    ['cluster: { nodes: [{ id: a }, { id: b, learner: true, priority: ^5 }] }', 'cluster.nodes[1].priority', 'a learner never leads', null],
    ['cluster: { nodes: ^[{ id: a, learner: true }] }', 'cluster.nodes', 'one that votes', null],
    ['cluster: { raft: { reads: ^leese } }', 'cluster.raft.reads', 'not one of', 'lease'],
    ['cluster: { raft: { checkQuorum: false, reads: ^lease } }', 'cluster.raft.reads', 'need checkQuorum', 'linearizable'],
    ['cluster: { raft: { timers: ^adaptve } }', 'cluster.raft.timers', 'was expected', '{ adaptive: { floor: 100ms, ceiling: 1s } }'],
    ['cluster: { raft: { timers: ^5 } }', 'cluster.raft.timers', 'where fixed,', null],
    ['cluster: { raft: { timers: ^{} } }', 'cluster.raft.timers', 'no strategy', '{ backoff: { maxProbe: 1s } }'],
    ['cluster: { raft: { timers: { ^bakoff: {} } } }', 'cluster.raft.timers.bakoff', 'unknown key', 'backoff'],
    ['cluster: { raft: { timers: ^{ backoff: {}, adaptive: {} } } }', 'cluster.raft.timers', 'one strategy at a time', '{ backoff: { maxProbe: 1s } }'],
    ['cluster: { raft: { timers: { backoff: { maxProbe: ^20ms } } } }', 'cluster.raft.timers.backoff.maxProbe', 'make them faster', '500ms'],
    ['cluster: { raft: { timers: { adaptive: { ^flor: 5ms } } } }', 'cluster.raft.timers.adaptive.flor', 'unknown key', 'floor'],
    ['cluster: { raft: { timers: { adaptive: { floor: ^100 } } } }', 'cluster.raft.timers.adaptive.floor', 'no unit', '100ms'],
    ['cluster: { raft: { timers: { adaptive: { floor: 200ms, ceiling: ^300ms } } } }', 'cluster.raft.timers.adaptive.ceiling', 'no room', '400ms'],
    ['cluster: { raft: { timers: { adaptive: { floor: 20ms, ceiling: ^100ms } } } }', 'cluster.raft.timers.adaptive.ceiling', 'three heartbeats', '300ms'],
    ['cluster: { raft: { snapshot: { entries: ^0 } } }', 'cluster.raft.snapshot.entries', 'less than 1', 'never'],
    ['cluster: { raft: { snapshot: { age: ^nevr } } }', 'cluster.raft.snapshot.age', 'not a duration', 'never'],
    ['cluster: { raft: { snapshot: { age: ^5 } } }', 'cluster.raft.snapshot.age', 'no unit', '5s'],
    ['cluster: { raft: { snapshot: { chainMax: ^65 } } }', 'cluster.raft.snapshot.chainMax', 'more than 64', '64'],
    ['cluster: { raft: { snapshot: { ^kep: 5 } } }', 'cluster.raft.snapshot.kep', 'unknown key', 'keep'],
    ['cluster: { nodes: [^b] }', 'cluster.nodes[0]', 'a map was expected', '{ id: b }'],
    ['load: { name: ^n1 }', 'load.name', "a node's name", null],
    ['load: { mix: ^{ put: 0 } }', 'load.mix', 'nothing would be asked', '{ put: 50, get: 50 }'],
  ],
  'faults and targets': [
    [entry('fault: ^crsh, target: leader'), 'timeline[0].fault', 'not one of crash', 'crash'],
    [entry('fault: ^kill, target: leader'), 'timeline[0].fault', 'not one of crash', 'crash'],
    [entry('fault: crash, target: ^ledaer'), 'timeline[0].target', 'no node "ledaer"', 'leader'],
    [entry('fault: crash, target: ^n7'), 'timeline[0].target', 'no node "n7"', null],
    [entry('fault: crash, target: leader, ^latency: 5ms'), 'timeline[0].latency', 'unknown key', null],
    [entry('fault: crash, target: ^n1->n2'), 'timeline[0].target', 'is a link', 'n1'],
    [entry('fault: partition, mode: drop, target: ^n1->n1'), 'timeline[0].target', 'from a node to itself', null],
    [entry('fault: partition, mode: drop, target: ^n1->n9'), 'timeline[0].target', 'no node "n9"', null],
    [entry('fault: partition, mode: drop, target: ^lader->*'), 'timeline[0].target', 'no node "lader"', 'leader->*'],
    [entry('fault: partition, mode: drop, target: ^leader->n2'), 'timeline[0].target', 'leader goes with *', 'leader->*'],
    [entry('fault: partition, mode: drop, target: ^all'), 'timeline[0].target', 'no links to nodes outside', 'leader'],
    [entry('fault: partition, mode: drop, path: ^client, target: n1->n2'), 'timeline[0].path', 'client path belongs to a node', null],
    ['timeline:\n  - ^{ id: a, at: 1s, fault: partition, target: leader }', 'timeline[0].mode', 'mode is missing', 'mode: stall | drop | refuse'],
    [entry('fault: partition, mode: ^blackhole, target: leader'), 'timeline[0].mode', 'not one of', 'drop'],
    [entry('fault: latency, latency: 5ms, jitter: ^6ms, target: leader'), 'timeline[0].jitter', 'more than latency', '5ms'],
    ['cluster: { nodes: 1 }\n' + entry('fault: crash, target: ^follower'), 'timeline[0].target', 'no follower', 'leader'],
    ['cluster: { nodes: 2 }\n' + entry('fault: partition, mode: drop, target: ^minority'), 'timeline[0].target', 'no minority', 'leader'],
    ['timeline:\n  - { id: a, phase: ^fault, at: 1s, fault: crash, target: leader }', 'timeline[0].phase', 'not one of', 'faults'],
    ['timeline:\n  - { id: a, at: ^30s, fault: crash, target: leader }', 'timeline[0].at', 'lasts 30s', null],
    ['timeline:\n  - { id: a, at: 25s, for: ^10s, fault: crash, target: leader }', 'timeline[0].for', 'ends 35s into', '5s'],
    [entry('fault: crash, target: leader') + '  - { id: ^a, at: 5s, for: 1s, fault: crash, target: leader }', 'timeline[1].id', 'used twice', null],
    ['timeline:\n  - { id: ^base, at: 1s, fault: crash, target: leader }', 'timeline[0].id', 'standing network', null],
  ],
  expressions: [
    [ZONES + entry('fault: crash, target: ^zone(d)'), 'timeline[0].target', 'no zone "d"', null],
    [entry('fault: crash, target: ^zone(a)'), 'timeline[0].target', 'no node says its zone', null],
    [ZONES + entry('fault: crash, target: ^followers and zone(a)'), 'timeline[0].target', 'depends on who leads', '1 of (followers and zone(a))'],
    [entry('fault: crash, target: ^leader or n1'), 'timeline[0].target', 'depends on who leads', null],
    [entry('fault: crash, target: ^1 of (leader or n1)'), 'timeline[0].target', 'the leader may be among these', 'leader or 1 of followers'],
    [entry('fault: crash, target: "^n1, 1 of followers"').replace('"^n1', '^"n1'), 'timeline[0].target', 'names both roles and nodes', null],
    [entry('fault: crash, target: ^1 of followers or 1 of followers'), 'timeline[0].target', 'the same node twice', null],
    [entry('fault: crash, target: ^5 of followers'), 'timeline[0].target', 'there are 4 of these', null],
    [entry('fault: crash, target: ^n1 and n2'), 'timeline[0].target', 'nobody is that', null],
    [entry('fault: crash, target: ^not (1 of followers)'), 'timeline[0].target', 'stands alone or beside', null],
    [entry('fault: crash, target: ^2 followers'), 'timeline[0].target', 'of is missing', '2 of followers'],
    [entry('fault: crash, target: ^(n1 or n2'), 'timeline[0].target', 'not closed', null],
    [entry('fault: crash, target: ^n1 n2'), 'timeline[0].target', '"n2" is not expected', null],
    [entry('fault: crash, target: ^2 of folowers'), 'timeline[0].target', 'no node "folowers"', 'followers'],
    [entry('fault: crash, target: ^learners'), 'timeline[0].target', 'nobody is that', null],
    [entry('fault: crash, target: ^3 of followers'), 'timeline[0].target', 'up to 3 of 5', 'blastRadius: { nodes: 3, allowQuorumLoss: true }'],
    [ZONES + entry('fault: partition, mode: drop, target: ^leader->zone(a)'), 'timeline[0].target', 'may be in it', null],
    [entry('fault: partition, mode: drop, target: ^voters'), 'timeline[0].target', 'no links to nodes outside', 'leader'],
    ['cluster: { nodes: [{ id: ^followers }] }', 'cluster.nodes[0].id', "a target's name", null],
    [ZONES + entry('fault: crash, target: zone(a)') + '  - { id: b, at: 1s, for: 1s, fault: pause, target: ^a2 }', 'timeline[1].target', 'same node at the same time', null],
  ],
  'members named': [
    [MEMBERS + entry('fault: transfer, target: leader, to: ^oslp'), 'timeline[0].to', 'no node "oslp" (oslo, bonn, rome, lima, oran)', 'oslo'],
    [MEMBERS + entry('fault: replace-node, target: oslo, with: ^lma'), 'timeline[0].with', 'no node "lma"', 'lima'],
    [MEMBERS + entry('fault: replace-node, target: oslo, with: ^rome'), 'timeline[0].with', 'rome is a member of the cluster already', 'lima'],
    [MEMBERS + entry('fault: add-node, target: ^bonn'), 'timeline[0].target', 'who joins is a spare node', 'lima'],
    [MEMBERS + entry('fault: add-node, target: ^leader'), 'timeline[0].target', 'leader is a member', 'lima'],
    [MEMBERS + entry('fault: add-node, target: ^limo'), 'timeline[0].target', 'no node "limo"', 'lima'],
    [MEMBERS + entry('fault: add-node, target: lima') + later('fault: add-node, learner: true, target: ^lima'), 'timeline[1].target', 'lima is a member', 'oran'],
    [MEMBERS + entry('fault: remove-node, target: ^lima'), 'timeline[0].target', 'lima is no member', null],
    [MEMBERS + entry('fault: remove-node, target: rome') + later('fault: remove-node, target: ^rome'), 'timeline[1].target', 'rome is no member', null],
    [MEMBERS + 'blastRadius: { nodes: 3, allowQuorumLoss: true }\n' + entry('fault: force-members, target: ^lima'), 'timeline[0].target', 'lima is no member', null],
    ['cluster: { nodes: [{ id: ^1 }] }\n' + entry('fault: transfer, target: leader, to: x1'), 'cluster.nodes[0].id', 'name of letters', null],
  ],
  'begins and repetitions': [
    [`timeline:\n  - { id: a, when: leader elected, for: ^good, ${CRASH} }`, 'timeline[0].for', 'goes with `at` alone', '5s'],
    [`timeline:\n  - { id: a, at: 1s, for: ^goood, ${CRASH} }`, 'timeline[0].for', '"goood" is not', null],
    [`timeline:\n  - { id: a, ^at: 1s, for: 1s, when: leader elected, ${CRASH} }`.replace('^at: 1s', 'at: ^1s'), 'timeline[0].at', 'give one of them', null],
    [`timeline:\n  - { id: a, for: 1s, when: ^leader electd, ${CRASH} }`, 'timeline[0].when', 'not one of leader elected', '"leader elected"'],
    [`timeline:\n  - { id: a, for: 1s, when: ^elected, ${CRASH} }`, 'timeline[0].when', 'not one of leader elected', '"leader elected"'],
    [`timeline:\n  - { id: a, for: 1s, when: ^"leader lost for 2", ${CRASH} }`, 'timeline[0].when', 'no unit', '"leader lost for 2s"'],
    [`timeline:\n  - { id: a, for: 1s, when: ^"quue > 5", ${CRASH} }`, 'timeline[0].when', 'no metric "quue"', 'queue'],
    [`timeline:\n  - ^{ id: a, when: leader elected, ${CRASH} }`, 'timeline[0].for', 'for is missing', 'for: 5s'],
    [`timeline:\n  - { id: a, when: leader elected, within: ^40s, for: 1s, ${CRASH} }`, 'timeline[0].within', 'lasts 30s', '30s'],
    [`timeline:\n  - { id: a, when: leader elected, for: 1s, repeat: ^2, every: 5s, ${CRASH} }`, 'timeline[0].repeat', 'does not go with when', null],
    [entry(`within: ^1s, ${CRASH}`), 'timeline[0].within', 'there is no `when`', null],
    [entry(`every: ^1s, ${CRASH}`), 'timeline[0].every', 'there is no `repeat`', 'repeat: 3'],
    ['timeline:\n  - ^{ id: a, at: 1s, for: 1s, repeat: 2, fault: crash, target: leader }', 'timeline[0].every', 'every is missing', null],
    [entry(`repeat: ^101, every: 2s, ${CRASH}`), 'timeline[0].repeat', 'more than 100', '100'],
    [entry(`repeat: 3, every: ^2s, spread: 1500ms, ${CRASH}`), 'timeline[0].every', 'may end 2500ms after its turn', '3500ms'],
    [entry(`repeat: ^3, every: 20s, ${CRASH}`), 'timeline[0].repeat', 'the last of 3 a begins at 41s', null],
    [`timeline:\n  - { id: a, at: 1s, for: ^9s, repeat: 3, every: 10s, ${CRASH} }\nphases: { faults: 29s }`, 'timeline[0].for', 'the last of 3 a ends 30s into', '8s'],
    [`timeline:\n  - { id: ^monkey-1, at: 1s, for: 1s, ${CRASH} }`, 'timeline[0].id', "the monkey's", null],
    [`monkey: { faults: [{ weight: ^0, ${CRASH} }] }`, 'monkey.faults[0].weight', 'less than 1', '1'],
    [`monkey: { faults: [{ for: ^[3s, 1s], ${CRASH} }] }`, 'monkey.faults[0].for', 'more than the longest', '[1s, 3s]'],
    [`monkey: { gap: ^5, faults: [{ ${CRASH} }] }`, 'monkey.gap', 'no unit', '5s'],
    ['monkey: { faults: [{ fault: ^crsh, target: any }] }', 'monkey.faults[0].fault', 'not one of', 'crash'],
    ['monkey: ^{ gap: 1s }', 'monkey.faults', 'faults is missing', 'faults: [{ fault: crash, target: any }]'],
    [`monkey: ^{ gap: 40s, faults: [{ ${CRASH} }] }`, 'monkey', 'no room', null],
  ],
  'what may be out': [
    [`blastRadius: { nodes: 1 }\ntimeline:\n  - { id: a, when: leader elected, for: 1s, ${CRASH} }\n  - { id: b, at: 20s, for: 1s, fault: crash, target: ^follower }`,
      'timeline[1].target', 'a, b together take out up to 2', 'blastRadius: { nodes: 2 }'],
    ['blastRadius: { nodes: ^3 }', 'blastRadius.nodes', 'no quorum is left', '2'],
    [LEARNER + 'blastRadius: { nodes: ^2 }', 'blastRadius.nodes', 'with 2 of 3 voters out', '1'],
    [LEARNER + entry('fault: crash, target: ^majority'), 'timeline[0].target', 'up to 2 of 3 voters', 'blastRadius: { nodes: 2, allowQuorumLoss: true }'],
    ['cluster: { nodes: [{ id: a }, { id: b, learner: true }] }\n' + entry('fault: crash, target: ^follower'), 'timeline[0].target', 'one voter has no follower', 'leader'],
    [entry('fault: crash, target: ^majority'), 'timeline[0].target', 'up to 3 of 5 nodes', 'blastRadius: { nodes: 3, allowQuorumLoss: true }'],
    ['blastRadius: { nodes: 1 }\n' + entry('fault: pause, target: leader') + '  - { id: b, at: 1s, for: 1s, fault: crash, target: ^follower }',
      'timeline[1].target', 'a, b together take out up to 2', 'blastRadius: { nodes: 2 }'],
    [entry('fault: crash, target: n1') + '  - { id: b, at: 1500ms, fault: pause, target: ^n1 }', 'timeline[1].target', 'same node at the same time', null],
    ['phases: { recovery: ^6s }\n' + entry('fault: crash, target: leader'), 'phases.recovery', 'shorter than 7s', '7s'],
    ['cluster: { raft: { electionTimeout: [1s, 2s] } }\nphases: { recovery: ^7s }\n' + entry('fault: crash, target: leader'), 'phases.recovery', 'shorter than 8s', '8s'],
  ],
  'expectations and guards': [
    ['slos: []\nguards:\n  - { when: ^"availability < 20", then: stop }', 'guards[0].when', 'no unit', '"availability < 20%"'],
    ['guards:\n  - { when: ^"availability < 20% for 20", then: stop }', 'guards[0].when', 'no unit', '"availability < 20% for 20s"'],
    ['guards:\n  - { when: ^"availabilty < 20%", then: stop }', 'guards[0].when', 'no metric', 'availability'],
    ['guards:\n  - { when: "availability < 20%", then: ^abort }', 'guards[0].then', 'not one of stop', 'stop'],
    ['guards:\n  - { when: ^"latency.p90 > 1s", then: stop }', 'guards[0].when', 'no metric "latency.p90" to ask while a run goes on', 'latency.p50'],
    ['guards:\n  - { when: ^"queue > 2s", then: stop }', 'guards[0].when', 'not a count', '"queue > 2"'],
    ['guards:\n  - { when: ^"fsync > 200", then: stop }', 'guards[0].when', 'no unit', '"fsync > 200ms"'],
    ['guards:\n  - { when: ^"rate < 20", then: stop }', 'guards[0].when', 'no unit', '"rate < 20/s"'],
    ['guards:\n  - { when: ^"p99 > 1s", then: stop }', 'guards[0].when', 'no metric "p99"', 'latency.p99'],
    ['slos:\n  - { name: a, objective: 99% }\n  - { name: ^a, objective: 99% }', 'slos[1].name', 'two objectives', null],
  ],
  syntax: [
    ['title2: ^x: y', '', 'quote it', null],
    ['^\tseed: 1', '', "tab can't indent", null],
    ['load: ^*nowhere', '', 'no anchor &nowhere', null],
    ['load: ^!!js/function x', '', 'no tags', null],
    ['^---\nseed: 1', '', 'one document', null],
    ['hypothesis: "no end^', '', 'closing', null],
  ],
}

const expectations: Row[] = [
  ['{ metric: availability, is: ^>= 95% }', 'is', 'not quoted', '">= 95%"'],
  ['{ metric: availability, is: ^<= 95% }', 'expect[0].is', 'not quoted', '"<= 95%"'],
  ['{ metric: linearizable, is: ^ok }', 'expect[0].is', 'not quoted', '"ok"'],
  ['{ metric: elections, is: ^1 }', 'expect[0].is', 'not quoted', '"1"'],
  ['{ metric: availability, is: ^"95%" }', 'expect[0].is', 'does not begin with', '">= 95%"'],
  ['{ metric: availability, is: ^">= 0.95" }', 'expect[0].is', 'no unit', '">= 95%"'],
  ['{ metric: availability, is: ^"=> 95%" }', 'expect[0].is', 'does not begin with', '">= 95%"'],
  ['{ metric: availability, is: ^">= 120%" }', 'expect[0].is', 'between 0% and 100%', '">= 100%"'],
  ['{ metric: latency.p99, is: ^"< 250" }', 'expect[0].is', 'no unit', '"< 250ms"'],
  ['{ metric: elections, is: ^"<= 2s" }', 'expect[0].is', 'not a count', '"<= 2"'],
  ['{ metric: linearizable, is: ^">= ok" }', 'expect[0].is', 'does not go with a word', '"ok"'],
  ['{ metric: linearizable, is: ^"violatd" }', 'expect[0].is', 'not one of ok', '"violated"'],
  ['{ metric: ^availabilty, is: ">= 95%" }', 'expect[0].metric', 'not one of', 'availability'],
  ['{ metric: recovery, fault: ^crash-2, is: "<= 2s" }', 'expect[0].fault', 'timeline has no "crash-2"', 'crash-1'],
  ['{ metric: lost_writes, ^phase: faults, is: "== 0" }', 'expect[0].phase', 'one value for the whole run', null],
  ['{ metric: availability, fault: crash-1, phase: ^faults, is: ">= 95%" }', 'expect[0].phase', 'give one of them', null],
  ['{ metric: recovery, fault: crash-1, is: ^"<= -1s" }', 'expect[0].is', 'never negative', '"<= 1s"'],
  ['{ metric: availability, phase: ^fault, is: ">= 95%" }', 'expect[0].phase', 'not one of', 'faults'],
  ['{ metric: availability, op: ^get, is: ">= 95%" }', 'expect[0].op', 'not one of', 'read'],
]

function expectOne(text: string, [, path, message, suggestion]: Row): void {
  const place = at(text)
  const { plan, problems } = parsePlan(place.text)
  expect(plan).toBeNull()
  const found = problems.filter((problem) => problem.severity === 'error')
  expect(found).toEqual([{ severity: 'error', line: place.line, column: place.column, path, message: expect.stringContaining(message), suggestion }])
}

describe.each(Object.entries(rows))('a plan with wrong %s', (_name, cases) => {
  it.each(cases)('%s', (...row) => expectOne(HEAD + row[0], row))
})

describe('a plan with a wrong expectation', () => {
  const head = 'faultline: 1\ntitle: T\ntimeline: [{ id: crash-1, at: 1s, for: 1s, fault: crash, target: leader }]\nexpect:\n  - '
  // A key that is refused is pointed at by its value where the value is what does not fit.
  it.each(expectations)('%s', (...row) => {
    const [text, ...rest] = row
    const moved = text.replace('^phase: faults', 'phase: ^faults')
    expectOne(head + moved, [moved, ...rest])
  })
})

describe('client groups that do not fit together', () => {
  it.each<Row>([
    ['load: [{ name: a }, { name: ^a }]', 'load[1].name', 'two client groups "a"', null],
    ['load: [{ name: a }, ^{ rate: 5/s }]', 'load[1].name', 'one of several client groups needs one', null],
    ['load: [{ name: a }, { name: ^n2 }]', 'load[1].name', "is a node's name", null],
    ['load: { client: { pool: ^0 } }', 'load.client.pool', 'less than 1', '1'],
  ])('%s', (...row) => expectOne(HEAD + row[0], row))
})

describe('what a later version will know is refused by name', () => {
  it.each([
    ...['compare', 'drill', 'alerts', 'variables', 'extends'].map((key) => [`^${key}: {}`, key]),
    ['load: { client: { ^retry: {} } }', 'load.client.retry'],
    [entry('fault: crash, target: leader, ^ramp: 1s'), 'timeline[0].ramp'],
    ['slos: [{ name: a, objective: 99%, ^alerts: [] }]', 'slos[0].alerts'],
  ])('%s', (plan, path) => expectOne(HEAD + plan, [plan!, path!, 'not in this version', null]))

  it.each(['slo', 'availability.slices'])('metric %s', (metric) => {
    const text = `faultline: 1\ntitle: T\nexpect: [{ metric: ^${metric}, is: "== 1" }]`
    expectOne(text, [text, 'expect[0].metric', `${metric}: not in this version`, null])
  })
})

describe('the version', () => {
  it('another one is named with those that are known, and nothing else is judged', () => {
    expect(parsePlan('faultline: 2\nnovelty: true')).toEqual({
      plan: null,
      problems: [{ severity: 'error', line: 1, column: 12, path: 'faultline', message: expect.stringContaining('only 1 is'), suggestion: '1' }],
    })
  })

  it.each(['', '# nothing\n', 'null', '[]', 'hello'])('a text that is no plan (%j) is refused', (text) => {
    expect(parsePlan(text)).toMatchObject({ plan: null, problems: [{ severity: 'error', line: expect.any(Number), column: expect.any(Number) }] })
  })

  it('faultline and title are required', () => {
    expect(errors('seed: 1').map((problem) => problem.path)).toEqual(['faultline', 'title'])
  })
})

describe('several slips', () => {
  it('are all reported, in the order of the text, each once', () => {
    const found = errors(`${HEAD}load: { rate: 5 }\ntimeline:\n  - { id: a, at: 1, fault: crsh, target: n9 }\nguards: [{ when: "x", then: go }]`)
    expect(found.map((problem) => [problem.line, problem.path])).toEqual([
      [4, 'load.rate'], [6, 'timeline[0].at'], [6, 'timeline[0].fault'], [6, 'timeline[0].target'], [7, 'guards[0].when'], [7, 'guards[0].then'],
    ])
  })
})

describe('warnings leave a plan usable', () => {
  it.each([
    ['load: { client: { readTimeout: ^2s } }', 'load.client.readTimeout', 'not above requestTimeout', '3s'],
    ['timeline:\n  - ^{ id: a, phase: recovery, at: 11s, for: 1s, fault: crash, target: leader }', 'timeline[0]', 'hold of 5s', null],
    ['cluster: { raft: { electionTimeout: ^[200ms, 200ms] } }', 'cluster.raft.electionTimeout', 'votes will split', '[200ms, 400ms]'],
    ['cluster: { raft: { preVote: false, timers: { backoff: { maxProbe: ^1s } } } }', 'cluster.raft.timers.backoff.maxProbe', 'without preVote', null],
    ['cluster: { raft: ^{ timers: { adaptive: { ceiling: 4s } } } }', 'cluster.raft.requestTimeout', 'no request outlasts', null],
    ['cluster: { network: { latency: ^100ms } }', 'cluster.network.latency', 'elections without a fault', null],
    ['guards:\n  - { when: ^"availability < 20% for 2m", then: stop }', 'guards[0].when', "can't act", null],
    [entry('fault: crash, target: n1') + '  - { id: b, at: 1s, for: 1s, fault: pause, target: ^any }', 'timeline[1].target', 'may draw a node', null],
  ] satisfies Row[])('%s', (...[text, path, message, suggestion]) => {
    const place = at(HEAD + text)
    const { plan, problems } = parsePlan(place.text)
    expect(plan).not.toBeNull()
    expect(problems).toEqual([{ severity: 'warning', line: place.line, column: place.column, path, message: expect.stringContaining(message), suggestion }])
  })
})

describe('service that is back before the heal', () => {
  it('can be expected: a recovery from the heal may be negative', () => {
    const { plan } = parsePlan(`faultline: 1\ntitle: T\n${entry('fault: crash, target: n1')}expect: [{ metric: recovery.from_heal, fault: a, is: "< -500ms" }]`)
    expect(plan!.expect[0]).toMatchObject({ comparison: '<', value: -500 })
  })
})
