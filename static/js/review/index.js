// The review of items: one key a decision, so that a queue is worked through without the mouse.
const form = document.querySelector('[data-decision]')
const OUTCOMES = { 1: 'used', 2: 'mg6c', 3: 'mg6d', 4: 'not_relevant', 5: 'unexamined' }
const REASONS = { mg6d: 'sensitive_reason', not_relevant: 'irrelevant_reason', unexamined: 'unexamined_reason' }

/** Whether a key belongs to what is being typed. */
function typing (target) {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !['radio', 'checkbox', 'button', 'submit'].includes(target.type))
}

/** Chooses; then saves, or asks for the reason where one is needed. */
function choose (outcome) {
  const radio = form.querySelector(`input[name="outcome"][value="${outcome}"]`)
  radio.click()
  const reason = REASONS[outcome]
  if (reason) form.elements[reason].focus()
  else form.requestSubmit()
}

function follow (selector) {
  document.querySelector(selector)?.click()
}

document.addEventListener('keydown', event => {
  if (event.key === 'Enter' && event.ctrlKey && form?.contains(event.target)) {
    event.preventDefault()
    form.requestSubmit()
    return
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || typing(event.target)) return
  if (form && event.key in OUTCOMES) {
    event.preventDefault()
    choose(OUTCOMES[event.key])
  } else if (event.key === 'u') follow('[data-undo]')
  else if (event.key === 'j') follow('[data-next]')
  else if (event.key === 'k') follow('[data-previous]')
  else if (event.key === 'o') follow('[data-open]')
  else if (event.key === '?') document.querySelector('[data-keys]')?.toggleAttribute('open')
})

document.querySelector('.app-review__entry[aria-current]')?.scrollIntoView({ block: 'nearest' })
