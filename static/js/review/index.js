// The review of items: one key a decision, so that a queue is worked through without the mouse.
const form = document.querySelector('[data-decision]')
const OUTCOMES = { 1: 'used', 2: 'mg6c', 3: 'mg6d', 4: 'not_relevant', 5: 'unexamined' }
const FENCES = { l: 'privilege', h: 'secret' }
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

/** Opens the form that makes a part an item, where its place is written first. */
function divide () {
  const dividing = document.querySelector('[data-dividing]')
  if (!dividing) return
  dividing.open = true
  const start = dividing.querySelector('input[name="part-start"]')
  if (!start.value) start.value = here()
  start.focus()
  start.select()
}

/** Where the viewer beside it is: the page that is shown, or the time of a recording. */
function here () {
  const recording = document.querySelector('.app-recording :is(video, audio)')
  if (recording) return recording.currentTime ? recording.currentTime.toFixed(1) : ''
  return document.querySelector('[data-pdf="tools"]:not([hidden]) [data-pdf="number"]')?.value ?? ''
}

/** Opens the form that closes the item to the team, with what it may be chosen: only its reason is left to write. */
function fence (kind) {
  const closing = document.querySelector('[data-closing]')
  if (!closing) return
  closing.open = true
  closing.querySelector(`input[name="kind"][value="${kind}"]`).click()
  closing.querySelector('textarea').focus()
}

function follow (selector) {
  document.querySelector(selector)?.click()
}

document.addEventListener('keydown', event => {
  if (event.key === 'Enter' && event.ctrlKey && event.target.form) {
    event.preventDefault()
    event.target.form.requestSubmit()
    return
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || typing(event.target)) return
  if (form && event.key in OUTCOMES) {
    event.preventDefault()
    choose(OUTCOMES[event.key])
  } else if (event.key === 'u') follow('[data-undo]')
  else if (event.key === 'j') follow('[data-next]')
  else if (event.key === 'k') follow('[data-previous]')
  else if (event.key === 'v') document.querySelector('[data-show]')?.requestSubmit()
  else if (event.key === 's') {
    event.preventDefault()
    divide()
  } else if (event.key in FENCES) {
    event.preventDefault()
    fence(FENCES[event.key])
  } else if (event.key === 'o') follow('[data-open]')
  else if (event.key === '?') document.querySelector('[data-keys]')?.toggleAttribute('open')
})

document.querySelector('.app-review__entry[aria-current]')?.scrollIntoView({ block: 'nearest' })
