/** Faults in the window: where they act while they act, their record afterwards, scenarios and the catalogue. */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, SHOTS, test } from './lab'

test.skip(process.platform !== 'linux', 'counts processes in /proc')

const shots = (page: Page) => async (name: string): Promise<void> => {
  await page.screenshot({ path: join(SHOTS, `${name}.png`) })
  await page.emulateMedia({ colorScheme: 'light' })
  await page.screenshot({ path: join(SHOTS, `${name}-light.png`) })
  await page.emulateMedia({ colorScheme: 'dark' })
}

test('faults of several families are seen where they act, and each has its record in the result', async ({ lab: { page } }) => {
  test.setTimeout(150_000)
  const shot = shots(page)
  await page.getByRole('button', { name: 'Run “A tour of the faults”' }).click()

  const list = page.getByRole('list', { name: 'Faults in force' })
  await expect(list.getByText('slow-link')).toBeVisible({ timeout: 60_000 })
  await expect(page.locator('[data-zone]')).toHaveCount(2)
  await expect(page.locator('[data-link="n1-n3"]')).toHaveAttribute('data-state', 'slow')
  await expect(page.locator('[data-link="n4-n2"]')).toHaveAttribute('data-state', 'touched')
  await expect(page.locator('[data-node="n5"]').getByRole('img', { name: /^slow-disk: fsync-slow 40ms/ })).toBeVisible()
  await expect(page.locator('[data-node="n2"]').getByRole('img', { name: /^wrong-clock: clock-step 5s/ })).toBeVisible()
  await expect(list.locator('[data-family="storage"]')).toContainText(/asked 40 ms, seen [\d.]+/, { timeout: 10_000 })
  await shot('live-tour')

  await expect(page.locator('.badge.large')).toBeVisible({ timeout: 90_000 })
  const lane = page.getByRole('button', { name: /^slow-disk · fsync-slow · n5/ })
  await lane.focus()
  await page.keyboard.press('Enter')
  const record = page.getByRole('dialog', { name: 'slow-disk' })
  await expect(record).toContainText(/asked 40 ms, seen [\d.]+/)
  for (const stage of ['planned', 'requested', 'acknowledged', 'observed', 'undone']) await expect(record.locator(`[data-stage="${stage}"]`)).toHaveCount(1)
  await expect(record).toContainText('NODE n5')
  await shot('fault-record')
  await page.keyboard.press('Escape')
  await expect(record).toBeHidden()
  await shot('result-tour')

  await page.getByRole('button', { name: 'Open the record of crash-1' }).click()
  await expect(page.getByRole('dialog', { name: 'crash-1' })).toContainText('SIGNAL')
})

test('scenarios and the catalogue of faults are listed, opened and read by keyboard', async ({ lab: { page } }) => {
  const shot = shots(page)
  await page.keyboard.press('Control+4')
  const incidents = page.getByRole('list', { name: 'Incidents' })
  await expect(incidents.getByRole('listitem').first()).toBeVisible()
  const second = incidents.getByRole('button').nth(1)
  await second.focus()
  await page.keyboard.press('Enter')
  await expect(second).toHaveAttribute('aria-current', 'true')
  for (const which of ['bad', 'good']) {
    const configuration = page.locator(`[data-configuration="${which}"]`)
    await expect(configuration.getByRole('button', { name: new RegExp(`^Run the ${which} configuration`) })).toBeEnabled()
    await expect(configuration).toContainText('not run yet')
  }
  await shot('scenarios')

  await page.keyboard.press('Control+5')
  await page.getByRole('searchbox', { name: 'Search faults' }).fill('latency')
  const latency = page.locator('[data-fault="latency"]')
  await latency.locator('summary').focus()
  await page.keyboard.press('Enter')
  await expect(latency).toContainText('must be given')
  await shot('faults')
})
