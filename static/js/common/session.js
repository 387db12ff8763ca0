// A session ends after a time without a request. Whoever is typing then must hear of it before the work is lost.
const minute = 60_000

/** Shows the notice in the page (see base.html) in the last five minutes of the session. */
export function warnBeforeSignOut () {
  const notice = document.querySelector('[data-session-seconds]')
  if (!notice) return
  const life = Number(notice.dataset.sessionSeconds) * 1000
  let ends = Date.now() + life
  // Every answer from the server renews the session.
  document.addEventListener('htmx:afterRequest', () => { ends = Date.now() + life })
  setInterval(() => {
    const left = Math.ceil((ends - Date.now()) / minute)
    const text = left <= 0
      ? 'You have been signed out. Copy anything that you have not saved, then sign in again.'
      : `You will be signed out in ${left} ${left === 1 ? 'minute' : 'minutes'}. Save your work or go to another page to stay signed in.`
    if (left > 5) {
      notice.hidden = true
    } else if (notice.hidden || notice.textContent !== text) {
      notice.hidden = false
      notice.textContent = text
    }
  }, minute / 4)
}
