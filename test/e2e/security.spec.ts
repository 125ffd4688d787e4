/** What the page must not be able to do, whatever code got into it. */
import { expect, test } from './lab'

test('the page has no Node and no Electron, only three functions', async ({ lab: { page } }) => {
  const seen = await page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in window),
    bridge: Object.keys(window.faultline).sort(),
  }))
  expect(seen).toEqual({ node: [], bridge: ['call', 'onEngine', 'onLive'] })
})

test('the page can neither leave nor open another window', async ({ lab: { app, page } }) => {
  // Asked of the shell: a navigation that was refused leaves the test's own view of the page waiting for its end.
  await app.evaluate(({ BrowserWindow }) => {
    const tried: { url: string; refused: boolean }[] = []
    Object.assign(globalThis, { tried })
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-frame-navigate', (event) => tried.push({ url: event.url, refused: event.defaultPrevented }))
  })
  expect(await page.evaluate(() => window.open('https://example.com/') !== null)).toBe(false)
  const elsewhere = ['https://example.com/', 'app://elsewhere/index.html']
  for (const url of elsewhere) {
    await app.evaluate(({ BrowserWindow }, address) => {
      const leave = `location.href = ${JSON.stringify(address)}; null`
      return BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(leave)
    }, url)
    await expect
      .poll(() => app.evaluate(() => (globalThis as unknown as { tried: unknown[] }).tried))
      .toContainEqual({ url, refused: true })
  }
  const windows = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()))
  expect(windows).toEqual(['app://lab/index.html'])
})

test('the protocol serves the page and nothing outside it', async ({ lab: { page, complaints } }) => {
  const status = (path: string): Promise<number> => page.evaluate((address) => fetch(address).then((answer) => answer.status), path)
  expect(await status('app://lab/index.html')).toBe(200)
  const refused = ['/../../package.json', '/%2e%2e/%2e%2e/package.json', '/..%2f..%2fpackage.json', '/..%5c..%5cpackage.json', '/assets/']
  for (const path of refused) expect(await status(`app://lab${path}`), path).toBe(404)
  await expect.poll(() => complaints.length).toBe(refused.length)
  complaints.length = 0 // the refusals, as asked for
})

test('a call outside the contract is answered with a failure', async ({ lab: { page } }) => {
  const codes = await page.evaluate(async () => {
    const call = window.faultline.call as (channel: unknown, request: unknown) => Promise<{ ok: boolean; error?: { code: string } }>
    const answers = await Promise.all([
      call('no:such', {}),
      call('__proto__', {}),
      call('engine:shutdown', {}),
      call('run:result', { run: '../../etc/passwd' }),
      call('run:start', null),
    ])
    return answers.map((answer) => answer.error?.code)
  })
  expect(codes).toEqual(['unknown-channel', 'unknown-channel', 'unknown-channel', 'bad-request', 'bad-request'])
})

test('no screen breaks the content policy, and a breach would be seen', async ({ lab: { page, complaints } }) => {
  await page.evaluate(() => {
    const reports: string[] = []
    Object.assign(window, { reports })
    document.addEventListener('securitypolicyviolation', (event) => reports.push(event.violatedDirective))
  })
  const reports = (): Promise<string[]> => page.evaluate(() => (window as unknown as { reports: string[] }).reports)
  for (const keys of ['Control+2', 'Control+3', 'Control+4', 'Control+5', 'Control+1', '?', 'Escape']) await page.keyboard.press(keys)
  await expect(page.getByRole('dialog')).toBeHidden()
  expect(await reports()).toEqual([])
  expect(complaints).toEqual([])

  await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement('style'), { textContent: 'body { color: red }' }))
    setTimeout(() => Object.assign(window, { evaluated: new Function('return 1')() }))
  })
  await expect.poll(reports).toEqual(['style-src-elem', 'script-src'])
  expect(await page.evaluate(() => 'evaluated' in window)).toBe(false)
  await expect.poll(() => complaints.length).toBeGreaterThanOrEqual(2)
  complaints.length = 0 // these were made on purpose
})

test('help opens by key, says the keys and closes with Escape', async ({ lab: { page } }) => {
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keyboard' })
  await expect(help).toContainText('Shift')
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()
})
