/** Every history with a known verdict. */
import { APPENDS } from './appends'
import { CAS } from './cas'
import { KEYS } from './keys'
import type { KnownHistory } from './known'
import { READS } from './reads'
import { TEXTBOOK } from './textbook'
import { UNKNOWN } from './unknown'
import { WRITES } from './writes'

export const KNOWN_HISTORIES: readonly KnownHistory[] = [...TEXTBOOK, ...READS, ...WRITES, ...CAS, ...APPENDS, ...UNKNOWN, ...KEYS]
