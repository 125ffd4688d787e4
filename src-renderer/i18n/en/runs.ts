/** Runs: everything that was recorded. */
export const runs = {
  title: 'Runs',
  count: '{n} recorded',
  empty: 'Nothing was recorded yet',
  emptyText: 'Every run, also one that broke off, is kept here with all it measured.',
  verdict: 'Verdict',
  plan: 'Plan',
  started: 'Started',
  end: 'End',
  valid: 'Valid',
  run: 'Run',
  open: 'Open “{title}” of {when}',
  notJudged: 'not judged',
}
