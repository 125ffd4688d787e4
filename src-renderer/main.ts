/** Starts the page: validation first, then catalogue, stores and the one component everything hangs on. */
import './validation'
import './theme/tokens.css'
import './theme/base.css'
import './theme/table.css'
import './theme/families.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './i18n'

createApp(App).use(createPinia()).use(i18n).mount('#app')
