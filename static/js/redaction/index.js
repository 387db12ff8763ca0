// The redaction editor: boxes over the page and the list of what they cover move together, every act on a key.
// Decisions go by htmx; without this script the forms still work. The list by what it says has the same keys.
import { Drawing } from './drawing.js'
import { Queue } from './queue.js'
import { Sight } from './sight.js'

const editor = document.querySelector('[data-redaction]')
const page = editor?.querySelector('[data-page]')
const STATES = { accept: 'redact', reject: 'keep', withdrawn: 'withdrawn', open: 'to decide' }
let current = null
let drawing = null
let queue = null
let sight = null

function marks () {
  return [...editor.querySelectorAll('[data-mark]')]
}

function boxOf (id) {
  return editor.querySelector(`[data-box="${CSS.escape(id)}"]`)
}

function markOf (id) {
  return id === null ? null : editor.querySelector(`[data-mark="${CSS.escape(id)}"]`)
}

function announce (text) {
  const region = document.querySelector('#announce')
  if (region) region.textContent = text
}

/** Shows which proposal the keys are about, in the list and on the page. */
function select (id, { focus = true } = {}) {
  current = id
  for (const mark of marks()) mark.toggleAttribute('data-current', mark.dataset.mark === id)
  for (const box of editor.querySelectorAll('[data-box]')) box.toggleAttribute('data-current', box.dataset.box === id)
  const mark = markOf(id)
  if (!mark) return
  if (focus) mark.focus({ preventScroll: true })
  mark.scrollIntoView({ block: 'nearest' })
  boxOf(id)?.scrollIntoView({ block: 'nearest' })
}

function step (by) {
  const all = marks()
  if (!all.length) return
  const at = all.findIndex(mark => mark.dataset.mark === current)
  select(all[Math.min(all.length - 1, Math.max(0, at + by))].dataset.mark)
}

/** The next that nobody has decided, on this page or on the next page that has one. */
function nextOpen () {
  const all = marks()
  const at = all.findIndex(mark => mark.dataset.mark === current)
  const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find(mark => mark.dataset.state === 'open')
  if (next) {
    select(next.dataset.mark)
    return
  }
  const links = [...editor.querySelectorAll('#pages a')]
  const here = links.findIndex(link => link.hasAttribute('aria-current'))
  const open = [...links.slice(here + 1), ...links.slice(0, Math.max(0, here))].find(link => link.hasAttribute('data-open'))
  if (open) open.click()
  else announce('Everything is decided.')
}

/** Presses a button of the current proposal's form, so that what a key sends is what a button sends. */
function press (form, verdict) {
  // A click, not requestSubmit(): htmx sends the value of a button that was clicked
  markOf(current)?.querySelector(`[${form}] button[value="${verdict}"]`)?.click()
}

function turnBack (way) {
  if (way === 'undo' && queue?.has(current)) {
    queue.drop(current)
    showState(markOf(current), 'open')
    announce('Taken back before it was saved.')
    return
  }
  document.querySelector(`[data-turn-back] button[value="${way}"]`)?.click()
}

function follow (offset) {
  const links = [...editor.querySelectorAll('#pages a')]
  const at = links.findIndex(link => link.hasAttribute('aria-current'))
  links[at + offset]?.click()
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  n: nextOpen,
  a: () => press('data-decide', 'accept'),
  r: () => press('data-decide', 'reject'),
  g: () => press('data-same', 'accept'),
  b: () => press('data-same', 'before'),
  u: () => turnBack('undo'),
  y: () => turnBack('redo'),
  c: () => markOf(current)?.querySelector('select')?.focus(),
  d: () => drawing?.start(),
  ']': () => follow(1),
  '[': () => follow(-1),
  v: () => sight?.preview(),
  '+': () => sight?.zoom(1),
  '=': () => sight?.zoom(1),
  '-': () => sight?.zoom(-1),
  '/': () => document.querySelector('[data-search]')?.click(),
  '?': () => editor.querySelector('[data-keys]')?.toggleAttribute('open')
}

function typing (target) {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !['radio', 'checkbox', 'button', 'submit'].includes(target.type))
}

function onKey (event) {
  if (event.key === 'Escape') {
    drawing?.stop()
    if (typing(event.target)) event.target.blur()
    return
  }
  if (event.key === 'Enter' && event.target instanceof HTMLInputElement && event.target.name === 'reason') {
    // A reason is given to keep: Enter must not press the form's first button, which redacts
    event.preventDefault()
    event.target.form.querySelector('button[value="reject"]')?.click()
    return
  }
  if (drawing?.key(event)) {
    event.preventDefault()
    return
  }
  if (event.key === 'Enter' && drawing?.active && document.activeElement === page) {
    event.preventDefault()
    drawing.stop()
    drawing.form.elements.category.focus()
    return
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || typing(event.target)) return
  if (event.key in KEYS) {
    event.preventDefault()
    KEYS[event.key]()
  }
}

// ---- after a decision -----------------------------------------------------------------------------------------------

function showBox (mark) {
  boxOf(mark.dataset.mark)?.setAttribute('class', `app-redaction__box app-redaction__box--${mark.dataset.state}`)
  sight?.renew()
}

/** What is shown of a decision that could not be sent yet. */
function showState (mark, state) {
  if (!mark) return
  mark.dataset.state = state
  const tag = mark.querySelector('.govuk-tag')
  tag.textContent = state === 'open' ? 'To decide' : `${state === 'accept' ? 'Redact' : 'Keep'}: not yet saved`
  showBox(mark)
}

function onSwap (event) {
  const target = event.detail.elt ?? event.target
  if (target.id === 'marks' || event.target.id === 'marks') {
    for (const mark of marks()) showBox(mark)
    select(markOf(current) ? current : marks()[0]?.dataset.mark ?? null)
    return
  }
  const mark = target.closest?.('[data-mark]') ?? event.target.closest?.('[data-mark]')
  if (mark) decided(mark)
}

function decided (mark) {
  const id = mark.dataset.mark
  showBox(mark)
  const problem = mark.querySelector('.govuk-error-message')
  if (problem) {
    if (id !== current) return
    select(id)
    mark.querySelector('input[name="reason"]')?.focus()
    return
  }
  announce(`${STATES[mark.dataset.state]}. ${document.querySelector('#left')?.textContent ?? ''}`)
  if (id !== current) return
  const all = marks()
  const next = all[all.indexOf(mark) + 1]
  select(next ? next.dataset.mark : id)
}

function onRequest (event) {
  const mark = event.target.closest?.('[data-mark]')
  if (mark) current = mark.dataset.mark
}

// ---- while the connection is down -----------------------------------------------------------------------------------

function onLost (event) {
  const form = event.target.closest?.('[data-decide]')
  const mark = form?.closest('[data-mark]')
  if (!mark || !queue) {
    announce('The connection is down: this could not be done. Try again when it is back.')
    return
  }
  const values = Object.fromEntries(new FormData(form))
  const verdict = event.detail.requestConfig?.parameters?.verdict ?? 'accept'
  queue.put({ id: mark.dataset.mark, verdict, category: values.category, seen: values.seen, reason: values.reason ?? '' })
  showState(mark, verdict)
  announce(`${STATES[verdict]}: not yet saved. The connection is down.`)
  step(1)
}

function onQueue ({ left, id, html, gone, problem }) {
  const line = editor.querySelector('[data-unsaved]')
  if (!line) return
  line.hidden = left === 0 && !problem && !gone
  line.textContent = problem ?? (gone ? 'A decision could not be saved: load the page again and decide it anew.'
    : `${left} decision${left === 1 ? '' : 's'} not yet saved: sent when the connection is back. Leave this page open.`)
  if (!id || !html) return
  const fresh = new DOMParser().parseFromString(html, 'text/html')
  for (const part of ['#left', '#pages']) document.querySelector(part)?.replaceChildren(...(fresh.querySelector(part)?.childNodes ?? []))
  const mark = fresh.querySelector('[data-mark]')
  const old = markOf(id)
  const failed = mark?.querySelector('.govuk-error-message')
  if (old && mark) {
    old.replaceWith(mark)
    window.htmx.process(mark)
    showBox(mark)
  }
  if (failed) {
    line.hidden = false
    line.textContent = `A decision could not be saved: ${failed.textContent.trim()}`
  }
  announce(failed ? failed.textContent : `Saved. ${document.querySelector('#left')?.textContent ?? ''}`)
  if (current === id) select(id)
}

function startQueue () {
  queue = new Queue(editor.dataset.document, {
    url: id => `${window.location.pathname}proposals/${id}/`,
    token: () => document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ?? '',
    told: onQueue
  })
  for (const entry of queue.waiting) showState(markOf(entry.id), entry.verdict)
  if (queue.waiting.length) onQueue({ left: queue.waiting.length })
}

if (editor) {
  document.addEventListener('keydown', onKey)
  editor.addEventListener('htmx:beforeRequest', onRequest)
  document.body.addEventListener('htmx:afterSettle', onSwap)
  document.body.addEventListener('htmx:sendError', onLost)
  editor.addEventListener('focusin', event => {
    const mark = event.target.closest('[data-mark]')
    if (mark && mark.dataset.mark !== current) select(mark.dataset.mark, { focus: false })
  })
  if (page) {
    drawing = new Drawing(editor, page)
    sight = new Sight(editor, page, announce)
    page.addEventListener('pointerdown', event => {
      if (event.button !== 0) return
      const clicked = event.target.closest('[data-box]')
      if (clicked && !drawing.active) select(clicked.dataset.box)
      else drawing.down(event)
    })
  }
  if (editor.dataset.document) startQueue()
  const wanted = editor.dataset.at ? markOf(editor.dataset.at) : null
  const first = wanted ?? marks().find(mark => mark.dataset.state === 'open')
  if (first) select(first.dataset.mark, { focus: wanted !== null })
}
