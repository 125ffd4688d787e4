/** The English catalogue, a file a screen. */
import { app } from './app'
import { home } from './home'
import { live } from './live'
import { result } from './result'
import { runs } from './runs'
import { words } from './words'

export const en = { app, home, live, result, runs, words }
