/**
 * Targets that are an expression: `followers`, `n1 or n2`, `leader and not n3`, `2 of followers`, `1 of (followers and zone(b))`.
 * Which nodes match may depend on who leads, how many must not: a dry run has to name the same ranks as the run.
 */
import type { Reading } from './field'
import { nearestNode, nearestWord } from './nearest'
import { learnersOf, membersOf, votersOf } from './outage'
import type { PlanNode, Target, TargetPart } from './plan'

/** Words of expressions beside names of nodes. */
export const setWords = ['leader', 'follower', 'followers', 'any', 'all', 'voters', 'learners', 'zone', 'and', 'or', 'not', 'of'] as const

type NodeSet = Extract<Target, { kind: 'set' }>

/** @returns how many nodes an expression comes to, whoever leads */
export function sizeOfSet({ parts }: NodeSet, voters: readonly string[]): number {
  const isVoter = (id: string): boolean => voters.includes(id)
  const sizes = parts.map((part) => {
    if (part.take !== null) return part.take
    if (!isByRole(part, voters)) return part.others.length
    return (part.leading.length > 0 ? 1 : voters.length - 1) + part.others.filter((id) => !isVoter(id)).length
  })
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Whether who leads makes a difference to it. */
export function isByRole({ leading, others }: TargetPart, voters: readonly string[]): boolean {
  return voters.some((id) => leading.includes(id) !== others.includes(id))
}

export function parseNodeSet(text: string, nodes: readonly PlanNode[]): Reading<Target> {
  const parser = new Parser(text, nodes)
  const terms = parser.whole()
  if (parser.problem) return { ok: false, ...parser.problem }
  const voters = votersOf(nodes)
  const plain = terms.filter(({ take }) => take === null)
  const parts = [...(plain.length > 0 ? [merged(plain, nodes)] : []), ...terms.filter(({ take }) => take !== null)]
  const wrong = wrongWith(text, parts, voters)
  if (wrong) return { ok: false, ...wrong }
  return { ok: true, value: { text, kind: 'set', isByRole: parts.some((part) => isByRole(part, voters)), parts } }
}

interface Wrong {
  message: string
  suggestion: string | null
}

function wrongWith(text: string, parts: readonly TargetPart[], voters: readonly string[]): Wrong | null {
  const isVoter = (id: string): boolean => voters.includes(id)
  const byRole = parts.filter((part) => isByRole(part, voters))
  if (parts.some(({ leading, others }) => leading.length + others.length === 0)) return { message: `"${text}": nobody is that`, suggestion: null }
  if (byRole.length > 0 && parts.some((part) => !byRole.includes(part) && part.others.some(isVoter))) {
    return { message: `"${text}" names both roles and nodes that may play them: who is who is known only when it happens`, suggestion: null }
  }
  for (const [index, part] of parts.entries()) {
    const twice = parts.slice(0, index).some((other) => meets(other.leading, part.leading) || meets(other.others, part.others))
    if (twice) return { message: `"${text}" may name the same node twice`, suggestion: null }
  }
  for (const part of byRole) {
    const [followers, learners] = [part.others.filter(isVoter), part.others.filter((id) => !isVoter(id))]
    const isLeaderOnly = followers.length === 0 && (part.leading.length === voters.length || learners.length === 0)
    const isAllFollowers = part.leading.length === 0 && followers.length === voters.length
    if (part.take === null && !isLeaderOnly && !isAllFollowers) {
      return { message: `how many nodes "${text}" is depends on who leads: say how many`, suggestion: part.leading.length === 0 ? `1 of (${text})` : null }
    }
    if (part.take !== null && part.leading.length > 0) return { message: `"${text}": the leader may be among these or not; name it apart`, suggestion: `leader or ${part.take} of followers` }
  }
  for (const part of parts) {
    const followers = part.others.filter(isVoter)
    const most = byRole.includes(part) ? Math.min(followers.length, voters.length - 1) + part.others.length - followers.length : part.others.length
    if (part.take !== null && (part.take < 1 || part.take > most)) return { message: `"${text}": there are ${most} of these at most`, suggestion: null }
  }
  return null
}

const meets = (a: readonly string[], b: readonly string[]): boolean => a.some((id) => b.includes(id))

function merged(parts: readonly TargetPart[], nodes: readonly PlanNode[]): TargetPart {
  return combined(nodes, null, (id, leads) => parts.some(({ leading, others }) => (leads ? leading : others).includes(id)))
}

/** Who matches: asked of each node once as if it led, where it could, and once as if it did not. */
function combined(nodes: readonly PlanNode[], take: number | null, matches: (id: string, leads: boolean) => boolean): TargetPart {
  const voters = votersOf(nodes)
  return { take, leading: voters.filter((id) => matches(id, true)), others: nodes.map(({ id }) => id).filter((id) => matches(id, false)) }
}

/** `or` (or a comma) binds least, then `and`, then `not` and `N of`. */
class Parser {
  problem: Wrong | null = null
  private readonly tokens: string[]
  private at = 0

  constructor(
    private readonly text: string,
    private readonly nodes: readonly PlanNode[],
  ) {
    this.tokens = text.match(/[A-Za-z_]\w*|\d+|\S/g) ?? []
  }

  whole(): TargetPart[] {
    const terms = this.union()
    if (this.at < this.tokens.length) this.fails(`"${this.text}": "${this.tokens[this.at]}" is not expected there`)
    return terms
  }

  private union(): TargetPart[] {
    const terms = this.intersection()
    while (this.takes('or') || this.takes(',')) terms.push(...this.intersection())
    return terms
  }

  private intersection(): TargetPart[] {
    let terms = this.unary()
    while (this.takes('and')) {
      const [left, right] = [this.plain(terms), this.plain(this.unary())]
      terms = [this.where((id, leads) => is(left, id, leads) && is(right, id, leads))]
    }
    return terms
  }

  private unary(): TargetPart[] {
    const next = this.tokens[this.at] ?? ''
    if (this.takes('not')) {
      const inner = this.plain(this.unary())
      const members = membersOf(this.nodes)
      return [this.where((id, leads) => members.includes(id) && !is(inner, id, leads))]
    }
    if (!/^\d+$/.test(next)) return this.primary()
    this.at++
    if (!this.takes('of')) return this.fails(`"${this.text}": of is missing after ${next}`, `${next} of followers`)
    return [{ ...this.plain(this.unary()), take: Number(next) }]
  }

  private primary(): TargetPart[] {
    if (this.takes('(')) {
      const inner = this.union()
      return this.takes(')') ? inner : this.fails(`"${this.text}": a parenthesis is not closed`)
    }
    const word = this.tokens[this.at++]
    const [voters, learners] = [votersOf(this.nodes), learnersOf(this.nodes)]
    switch (word) {
      case undefined:
        return this.fails(`"${this.text}" ends too early`)
      case 'leader':
        return [this.where((_id, leads) => leads)]
      case 'follower':
        return [{ ...this.where((id, leads) => !leads && voters.includes(id)), take: 1 }]
      case 'followers':
        return [this.where((id, leads) => !leads && voters.includes(id))]
      case 'voters':
        return [this.where((id) => voters.includes(id))]
      case 'learners':
        return [this.where((id) => learners.includes(id))]
      case 'any':
        return [{ ...this.where((id) => membersOf(this.nodes).includes(id)), take: 1 }]
      case 'all':
        return [this.where((id) => membersOf(this.nodes).includes(id))]
      case 'zone':
        return this.zone()
      default:
        return this.node(word)
    }
  }

  private zone(): TargetPart[] {
    const zones = [...new Set(this.nodes.flatMap(({ zone }) => zone ?? []))]
    const [open, name = '', close] = this.tokens.slice(this.at, this.at + 3)
    if (open !== '(' || close !== ')') return this.fails(`"${this.text}": a zone is written zone(a)`, zones[0] ? `zone(${zones[0]})` : null)
    this.at += 3
    if (!zones.includes(name)) {
      const near = nearestWord(name, zones)
      return this.fails(`there is no zone "${name}" (${zones.length === 0 ? 'no node says its zone' : zones.join(', ')})`, near && `zone(${near})`)
    }
    return [this.where((id) => this.nodes.some((node) => node.id === id && node.zone === name))]
  }

  private node(word: string): TargetPart[] {
    const ids = this.nodes.map(({ id }) => id)
    if (ids.includes(word)) return [this.where((id) => id === word)]
    if (word === 'minority' || word === 'majority') return this.fails(`"${this.text}": ${word} stands alone`, word)
    return this.fails(`there is no node "${word}" (${ids.join(', ')})`, nearestNode(word, [...ids, ...setWords]))
  }

  private where(matches: (id: string, leads: boolean) => boolean): TargetPart {
    return combined(this.nodes, null, matches)
  }

  /** What `and`, `not` and `of` go with. */
  private plain(terms: readonly TargetPart[]): TargetPart {
    if (terms.some(({ take }) => take !== null)) this.fails(`"${this.text}": how many are drawn is said outside: "N of (…)" stands alone or beside "or"`)
    return merged(terms, this.nodes)
  }

  private takes(token: string): boolean {
    if (this.tokens[this.at] !== token) return false
    this.at++
    return true
  }

  /** The first problem counts; nothing more is read. */
  private fails(message: string, suggestion: string | null = null): TargetPart[] {
    this.problem ??= { message, suggestion }
    this.at = this.tokens.length
    return []
  }
}

const is = ({ leading, others }: TargetPart, id: string, leads: boolean): boolean => (leads ? leading : others).includes(id)
