/** The English catalogue, a file a screen. */
import { app } from './app'
import { faults } from './faults'
import { home } from './home'
import { live } from './live'
import { result } from './result'
import { runs } from './runs'
import { scenarios } from './scenarios'
import { words } from './words'

export const en = { app, faults, home, live, result, runs, scenarios, words }
