// End-to-end tests: real windows, one at a time. What they leave goes to test-results/.
import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'

const inRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

export default defineConfig({
  testDir: inRoot('test/e2e'),
  outputDir: inRoot('test-results/e2e'),
  workers: 1,
  fullyParallel: false,
  retries: 0, // a test that needs a second try has found something
  timeout: 180_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: inRoot('test-results/e2e.json') }]],
})
