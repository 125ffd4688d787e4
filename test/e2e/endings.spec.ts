/** Runs that end otherwise: stopped, engine killed, window closed. Each leaves a readable run and no process. */
import { clusterProcessesOf, closeWindow, enginePid, expect, processesOf, startSample, test } from './lab'

test.skip(process.platform !== 'linux', 'counts processes in /proc')
test.setTimeout(180_000)

const GONE = { timeout: 20_000 }

test('Stop ends the run, undoes everything and says so', async ({ lab: { page, data } }) => {
  await startSample(page)
  expect(clusterProcessesOf(data).length).toBeGreaterThan(5)
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByRole('button', { name: /^Stopping/ })).toBeDisabled()

  const ended = page.locator('section.ended')
  await expect(ended).toContainText('CANCELED', { timeout: 30_000 })
  await expect(ended).toContainText(/cleanup (\d+)\/\1(?!\d)/)
  await expect.poll(() => clusterProcessesOf(data), GONE).toEqual([])

  await ended.getByRole('button').click()
  await expect(page.getByText('This run was ended early')).toBeVisible()
})

test('an engine killed mid-run is named, its run is kept as ERRORED, another engine takes over', async ({ lab: { page, data } }) => {
  await startSample(page)
  process.kill(await enginePid(page), 'SIGKILL')

  await expect(page.getByText('The engine has stopped')).toBeVisible()
  await expect(page.getByText(/was ended by SIGKILL/)).toBeVisible()
  await expect.poll(() => clusterProcessesOf(data), GONE).toEqual([])

  await page.getByRole('button', { name: 'Start the engine again' }).click()
  await expect(page.getByText('The engine has stopped')).toBeHidden()
  await page.keyboard.press('Control+3')
  const row = page.locator('tr[data-run]')
  await expect(row).toHaveCount(1)
  await expect(row).toContainText('ERRORED')
  await row.getByRole('button').click()
  await expect(page.getByText('This run broke off')).toBeVisible()
})

test('a window closed mid-run takes its cluster with it', async ({ lab: { app, shell, page, data } }) => {
  await startSample(page)
  expect(clusterProcessesOf(data).length).toBeGreaterThan(5)
  await closeWindow(app, shell)
  await expect.poll(() => processesOf(data), GONE).toEqual([])
})

test('a shell killed mid-run takes its cluster with it', async ({ lab: { shell, page, data } }) => {
  await startSample(page)
  shell.kill('SIGKILL')
  await expect.poll(() => processesOf(data), GONE).toEqual([])
})
