/** Imported before any schema: zod's compiled parsers probe `new Function`, which our content policy reports. */
import { z } from 'zod'

z.config({ jitless: true })
