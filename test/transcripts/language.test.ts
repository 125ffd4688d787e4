/** The language of the transcripts: what is no transcript is refused with its line, and nothing but outcomes changes. */
import { describe, expect, it } from 'vitest'
import { play } from './language/commands'
import { Scene } from './language/scene'
import { emptyDisk } from './world/disk'
import { parseTranscript, printTranscript } from './language/transcript'

const SCENE = '# What it shows.\n\ncluster 3\n# a remark\nstatus\n----\nold\n\n# More.\nlog\n----\n'

describe('a transcript', () => {
  it('comes back as it was read', () => {
    expect(printTranscript(parseTranscript(SCENE))).toBe(SCENE)
  })

  it('opens with a sentence', () => {
    expect(() => parseTranscript('cluster 3\n----\nnothing\n')).toThrow('line 1')
  })

  it('has an outcome below all commands', () => {
    expect(() => parseTranscript('# Sentence.\n\ncluster 3\n\nstatus\n----\n')).toThrow('line 3')
  })
})

describe('a command', () => {
  it('is refused by name when it is none, or asks for what there is not', () => {
    const scene = new Scene()
    play(scene, 'cluster 3')
    expect(() => play(scene, 'explode n1')).toThrow('explode is no command')
    expect(() => play(scene, 'status n7')).toThrow('no node n7')
    expect(() => play(scene, 'run soon')).toThrow('soon is no number')
    expect(() => play(scene, 'cluster 3 fast')).toThrow('fast is no setting')
    expect(() => play(scene, 'persist n1 slowly')).toThrow('neither on nor off')
    expect(() => play(scene, 'release x')).toThrow('nothing is held as x')
    expect(() => play(scene, 'deliver n1->n2->n3')).toThrow('is no link')
  })

  it('that needs a living node is refused after a crash', () => {
    const scene = new Scene()
    for (const line of ['cluster 3', 'crash n1']) play(scene, line)
    expect(() => play(scene, 'propose n1 x=1')).toThrow('n1 has crashed')
  })
})

describe('the checks of a world', () => {
  it('end a transcript in which two leaders of a term meet', () => {
    const scene = new Scene()
    play(scene, 'cluster 3')
    const { checks } = scene.world
    checks.leads('n1', 1, [])
    expect(() => checks.leads('n2', 1, [])).toThrow('one leader a term')
  })

  it('end a transcript in which a promise leaves before it is durable', () => {
    const scene = new Scene()
    play(scene, 'cluster 3')
    const reply = { type: 'voteReply', from: 'n1', to: 'n2', term: 1, pre: false, granted: true } as const
    expect(() => scene.world.checks.sends(reply, emptyDisk())).toThrow('durable before sent')
  })
})
