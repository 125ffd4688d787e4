/** Every string of the window comes from a catalogue; English is the first. */
import { createI18n } from 'vue-i18n'
import { en } from './en'

export const i18n = createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: { en } })
