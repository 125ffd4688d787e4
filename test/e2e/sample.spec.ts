/** The way of a newcomer: run the sample by clicking, watch it, read the result, find it again. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '@shared/run/report'
import { expect, SHOTS, startSample, test } from './lab'

test.skip(process.platform !== 'linux', 'counts processes in /proc')

test('the sample runs by clicking, from Home over Live and Result to Runs', async ({ lab: { app, page, data } }) => {
  test.setTimeout(240_000)
  const shot = (name: string): Promise<Buffer> => page.screenshot({ path: join(SHOTS, `${name}.png`) })

  await expect(page.getByRole('button', { name: /^Run the sample \(60 s\)/ })).toBeEnabled()
  await shot('home')
  await startSample(page)

  await expect(page.locator('[data-node]')).toHaveCount(5)
  await expect(page.locator('[data-node][data-state="leader"]')).toHaveCount(1)
  await expect(page.locator('.strip .fault')).toContainText('Fault active', { timeout: 60_000 })
  await expect(page.locator('[data-node][data-state="down"]')).toHaveCount(1)
  await expect(page.locator('[data-node][data-state="leader"]')).toHaveCount(1, { timeout: 15_000 })
  await shot('live-fault')

  const verdict = page.locator('.badge.large')
  await expect(verdict).toBeVisible({ timeout: 120_000 })
  for (const chart of ['Requests', 'Availability', 'Latency']) {
    await expect(page.getByRole('img', { name: new RegExp(`^${chart}: [1-9]\\d* bins`) })).toBeVisible()
  }
  await shot('result')
  await page.emulateMedia({ colorScheme: 'light' })
  await shot('result-light')
  await page.emulateMedia({ colorScheme: 'dark' })

  await app.evaluate(({ dialog }, dir) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [dir] })
  }, data)
  await page.getByRole('button', { name: 'Save JSON' }).click()
  const saved = page.getByText(/^Saved: /)
  await expect(saved).toBeVisible()
  const report = JSON.parse(await readFile((await saved.innerText()).replace('Saved: ', ''), 'utf8')) as Report
  expect(report.end).toBe('COMPLETED')
  expect(report.cleanup.done).toBe(report.cleanup.of)
  await expect(verdict).toContainText(report.verdict.replace('_', ' '))
  await expect(page.getByText(report.run, { exact: true })).toBeVisible()
  await expect(page.locator('tr[data-held]')).toHaveCount(report.expectations.length)

  await page.getByRole('button', { name: 'Runs' }).click()
  const row = page.locator(`tr[data-run="${report.run}"]`)
  await expect(row).toContainText('COMPLETED')
  await shot('runs')
  await row.getByRole('button').click()
  await expect(page.locator('.badge.large')).toContainText(report.verdict.replace('_', ' '))
  await expect(page.getByText(report.run, { exact: true })).toBeVisible()
})
