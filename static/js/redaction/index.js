// The redaction editor: boxes over the page and the list of what they cover move together, every act on a key.
// Decisions go by htmx, boxes through the queue; without this script the forms still work. The list by what it says has the same keys.
import { boxesOf, draw, place } from './boxes.js'
import { Changing } from './changing.js'
import { Drawing } from './drawing.js'
import { News } from './news.js'
import { newId, Queue } from './queue.js'
import { Remarks } from './remarks.js'
import { Sight } from './sight.js'

const editor = document.querySelector('[data-redaction]')
const page = editor?.querySelector('[data-page]')
const mayDecide = editor?.hasAttribute('data-may-decide')
const STATES = { accept: 'redact', reject: 'keep', withdrawn: 'withdrawn', open: 'to decide', moved: 'moved' }
let current = null
let drawing = null
let changing = null
let remarks = null
let queue = null
let sight = null
let acts = 0
let sending = 0

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
  if (changing?.active && changing.id !== id) changing.stop()
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
    const mark = markOf(current)
    mark?.removeAttribute('data-unsaved-boxes')
    showState(mark, 'open')
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

function moveByKey () {
  const mark = markOf(current)
  if (!mayDecide || !mark || 'rest' in mark.dataset || mark.dataset.state === 'moved') return
  drawing?.stop()
  changing.startByKey(current, boxOf(current), boxesOf(mark))
}

function tick () {
  const box = markOf(current)?.querySelector('input[name="chosen"]')
  if (!box || box.disabled) return
  box.click()
  announce(`${box.checked ? 'Ticked' : 'No longer ticked'}. ${editor.querySelectorAll('input[name="chosen"]:checked').length} to be merged.`)
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
  m: moveByKey,
  x: tick,
  t: () => editor.querySelector('#merge button')?.click(),
  o: () => drawing?.keepAlso(),
  w: () => remarks?.write(markOf(current)),
  q: () => remarks?.next(),
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
    if (changing?.active) announce('The box is where it was.')
    changing?.stop()
    drawing?.stop()
    if (typing(event.target)) event.target.blur()
    return
  }
  if (event.key === 'Enter' && event.target instanceof HTMLInputElement && event.target.name === 'reason') {
    // A reason is given to keep: Enter must not press the form's first button, which redacts
    event.preventDefault()
    const mark = event.target.closest('[data-mark]')
    if (mark?.hasAttribute('data-unsaved-boxes')) saveMoved(mark.dataset.mark, JSON.parse(mark.dataset.unsavedBoxes))
    else event.target.form.querySelector('button[value="reject"]')?.click()
    return
  }
  if (changing?.key(event) || drawing?.key(event)) {
    event.preventDefault()
    return
  }
  if (event.key === 'Enter' && drawing?.active && document.activeElement === page) {
    event.preventDefault()
    drawing.stop()
    if (mayDecide) drawing.form.elements.category.focus()
    else remarks.write(null)
    return
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || typing(event.target)) return
  if (event.key in KEYS) {
    event.preventDefault()
    KEYS[event.key]()
  }
}

// ---- after a decision -----------------------------------------------------------------------------------------------

function showBoxes () {
  if (page) draw(page, marks())
  sight?.renew()
}

/** What is shown of a decision that could not be sent yet. */
function showState (mark, state) {
  if (!mark) return
  mark.dataset.state = state
  const tag = mark.querySelector('.govuk-tag')
  const done = STATES[state] ?? state
  tag.textContent = state === 'open' ? 'To decide' : `${done[0].toUpperCase()}${done.slice(1)}: not yet saved`
  showBoxes()
}

function onSwap (event) {
  const target = event.detail.elt ?? event.target
  if (target.id === 'remarks' || event.target.id === 'remarks') {
    remarks?.swapped()
    return
  }
  if (target.id === 'marks' || event.target.id === 'marks') {
    showBoxes()
    select(markOf(current) ? current : marks()[0]?.dataset.mark ?? null)
    return
  }
  const mark = target.closest?.('[data-mark]') ?? event.target.closest?.('[data-mark]')
  if (mark) decided(mark)
}

function decided (mark) {
  const id = mark.dataset.mark
  showBoxes()
  const problem = mark.querySelector('.govuk-error-message')
  if (problem) {
    if (id !== current) return
    select(id)
    mark.querySelector('[data-leave], input[name="reason"]')?.focus()
    return
  }
  announce(`${STATES[mark.dataset.state]}. ${document.querySelector('#left')?.textContent ?? ''}`)
  if (id !== current) return
  const all = marks()
  const next = all[all.indexOf(mark) + 1]
  select(next ? next.dataset.mark : id)
}

function onRequest (event) {
  if (event.target.id === 'reading') return
  acts += 1
  sending += 1
  const mark = event.target.closest?.('[data-mark]')
  if (mark) current = mark.dataset.mark
}

// ---- what goes through the queue ------------------------------------------------------------------------------------

/** Gives each decision its id before it is sent: if the answer is lost and it is sent again, it is done once. */
function onConfig (event) {
  if (event.target.closest?.('[data-decide]')) event.detail.parameters.act = newId()
}

function onLost (event) {
  // Nobody pressed anything: it asks again by itself
  if (event.target.id === 'reading') return
  const form = event.target.closest?.('[data-decide]')
  const mark = form?.closest('[data-mark]')
  if (!mark || !queue) {
    announce('The connection is down: this could not be done. Try again when it is back.')
    return
  }
  const values = Object.fromEntries(new FormData(form))
  const { verdict = 'accept', act } = event.detail.requestConfig?.parameters ?? {}
  const id = mark.dataset.mark
  const { category, seen, reason = '' } = values
  queue.put({ id, to: `proposals/${id}/`, values: { act, verdict, category, seen, reason } }, { down: true })
  showState(mark, verdict)
  announce(`${STATES[verdict]}: not yet saved. The connection is down.`)
  step(1)
}

function saveMoved (id, boxes) {
  const mark = markOf(id)
  if (!mark) return
  mark.dataset.unsavedBoxes = JSON.stringify(boxes)
  place(boxOf(id), boxes)
  const reason = mark.querySelector('input[name="reason"]')?.value ?? ''
  showState(mark, 'moved')
  queue.put({ id, to: `proposals/${id}/move/`, values: { boxes: JSON.stringify(boxes), seen: mark.dataset.seen, reason } })
}

/** Boxes drawn, merged, or around all but what is kept: what their form holds goes through the queue. */
function onSubmit (event) {
  const form = event.target.closest('[data-send]')
  if (!form || !queue) return
  event.preventDefault()
  const data = new FormData(form, event.submitter)
  data.delete('csrfmiddlewaretoken')
  const to = event.submitter?.hasAttribute('formaction') ? 'keep-only/' : `${form.dataset.send}/`
  if (to === 'merge/') {
    data.set('page', editor.dataset.pageIndex)
    if (data.getAll('chosen').length < 2) {
      announce('Tick at least two boxes to merge them: x ticks the one that is selected.')
      return
    }
  } else if (!drawing.send(data, to)) {
    return
  }
  const values = {}
  for (const name of new Set(data.keys())) values[name] = data.getAll(name)
  const id = newId()
  if (to === 'draw/') drawing.leave(id)
  queue.put({ id, to, values })
}

const SAVED = {
  'merge/': 'The boxes are merged.',
  'draw/': 'The box is drawn.',
  'keep-only/': 'Everything else is redacted.'
}

function onQueue ({ left, down, entry, html, gone, problem }) {
  acts += 1
  const line = editor.querySelector('[data-unsaved]')
  if (!line) return
  line.hidden = (left === 0 || !down) && !problem && !gone
  line.textContent = problem ?? (gone ? 'A decision could not be saved: load the page again and decide it anew.'
    : `${left} decision${left === 1 ? '' : 's'} not yet saved: sent when the connection is back. Leave this page open.`)
  if (!entry || !html) return
  const fresh = new DOMParser().parseFromString(html, 'text/html')
  takeCounts(fresh)
  const failed = fresh.querySelector('.govuk-error-message')
  if (fresh.querySelector('#marks')) listSaved(entry, fresh, failed)
  else markSaved(entry.id, fresh.querySelector('[data-mark]'))
  if (failed) {
    line.hidden = false
    line.textContent = `A decision could not be saved: ${failed.textContent.trim()}`
  }
  announce(failed ? failed.textContent : `${SAVED[entry.to] ?? 'Saved.'} ${document.querySelector('#left')?.textContent ?? ''}`)
}

function markSaved (id, mark) {
  const old = markOf(id)
  if (old && mark) {
    old.replaceWith(mark)
    window.htmx.process(mark)
    showBoxes()
  }
  if (current === id) select(id)
}

/** The list after boxes have changed. What is new is selected; a box that could not be moved stays where it was put, to be tried again. */
function listSaved (entry, fresh, failed) {
  const known = new Set(marks().map(mark => mark.dataset.mark))
  const moved = failed ? markOf(entry.id)?.dataset.unsavedBoxes : null
  const had = document.activeElement?.closest('[data-redaction]') ? document.activeElement : null
  takeList(fresh)
  drawing?.saved(entry, !failed)
  const made = marks().findLast(mark => !known.has(mark.dataset.mark))
  if (moved) {
    const mark = markOf(entry.id)
    mark.dataset.unsavedBoxes = moved
    place(boxOf(entry.id), JSON.parse(moved))
    select(entry.id)
    mark.querySelector('input[name="reason"]')?.focus()
    return
  }
  if (made && !failed) select(made.dataset.mark)
  else select(markOf(current) ? current : marks()[0]?.dataset.mark ?? null, { focus: !had?.isConnected })
}

/** Puts a new list in the place of the old; what waits to be sent looks as it was left. */
function takeList (fresh) {
  const list = fresh.querySelector('#marks')
  document.querySelector('#marks').replaceWith(list)
  window.htmx.process(list)
  showBoxes()
  for (const entry of queue?.waiting ?? []) showWaiting(entry)
}

function showWaiting ({ id, values }) {
  const mark = markOf(id)
  if (!mark) return
  if (values.boxes) {
    mark.dataset.unsavedBoxes = values.boxes
    place(boxOf(id), JSON.parse(values.boxes))
    showState(mark, 'moved')
  } else {
    showState(mark, values.verdict)
  }
}

function startQueue () {
  queue = new Queue(editor.dataset.document, {
    path: window.location.pathname,
    token: () => document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ?? '',
    told: onQueue
  })
  for (const entry of queue.waiting) showWaiting(entry)
  if (queue.waiting.length) onQueue({ left: queue.waiting.length, down: true })
}

// ---- what others do meanwhile ---------------------------------------------------------------------------------------

/** What is left, and the pages with what is left on each; who is on a page's link stays on it. */
function takeCounts (fresh) {
  const on = document.activeElement?.closest('#pages a')?.id
  for (const part of ['#left', '#pages']) document.querySelector(part)?.replaceChildren(...(fresh.querySelector(part)?.childNodes ?? []))
  if (on) document.getElementById(on)?.focus({ preventScroll: true })
}

function startNews () {
  const index = editor.dataset.pageIndex
  return new News(editor.dataset.tag, {
    url: tag => `${window.location.pathname}news/?${new URLSearchParams({ page: index, tag })}`,
    apply: onNews,
    busy: () => Boolean(changing?.active || sending || queue?.sending),
    acts: () => acts
  })
}

/** Whether somebody is in the middle of deciding this one: then it isn't taken from under their hands. */
function inHand (mark) {
  const reason = mark.querySelector('input[name="reason"]')
  return queue?.has(mark.dataset.mark) || mark.hasAttribute('data-unsaved-boxes') || Boolean(reason?.value) ||
    (mark.contains(document.activeElement) && typing(document.activeElement)) || mark.querySelector('[data-conflict]') !== null
}

function onNews (fresh, frozen) {
  takeCounts(fresh)
  remarks?.news(fresh.querySelector('#remarks'))
  if (frozen !== editor.hasAttribute('data-frozen')) {
    const line = editor.querySelector('[data-unsaved]')
    line.hidden = false
    line.textContent = frozen ? 'A copy is with the approver now: nothing can be decided. Load the page again.'
      : 'The copy is back: load the page again to decide.'
    announce(line.textContent)
    return
  }
  const list = document.querySelector('#marks ol')
  const incoming = [...fresh.querySelectorAll('[data-mark]')]
  if (!list) {
    if (incoming.length) takeList(fresh)
    return
  }
  const told = []
  let last = null
  for (const mark of incoming) {
    const old = markOf(mark.dataset.mark)
    if (old && old.dataset.seen === mark.dataset.seen) {
      last = old
      continue
    }
    told.push(`${mark.dataset.by || 'Somebody'}: ${STATES[mark.dataset.state] ?? mark.dataset.state}`)
    if (old && inHand(old)) {
      overtaken(old, mark)
      last = old
      continue
    }
    const hadFocus = old?.contains(document.activeElement)
    if (old) old.replaceWith(mark)
    else if (last) last.after(mark)
    else list.prepend(mark)
    window.htmx.process(mark)
    mark.toggleAttribute('data-new', true)
    if (mark.dataset.mark === current) select(current, { focus: Boolean(hadFocus) })
    last = mark
  }
  showBoxes()
  if (told.length) announce(`Decided meanwhile by others: ${told.slice(0, 3).join('; ')}${told.length > 3 ? `; and ${told.length - 3} more` : ''}.`)
}

/** Says at a proposal that is being decided what somebody else has decided of it; what is then sent is asked about. */
function overtaken (old, mark) {
  old.querySelector('[data-overtaken]')?.remove()
  const line = document.createElement('p')
  line.className = 'app-redaction__overtaken'
  line.dataset.overtaken = ''
  line.textContent = `${mark.dataset.by || 'Somebody'} decided this meanwhile: ${STATES[mark.dataset.state] ?? mark.dataset.state}.`
  old.querySelector('.app-redaction__facts')?.after(line)
}

function onClick (event) {
  const leave = event.target.closest('[data-leave]')
  if (!leave) return
  event.preventDefault()
  const mark = leave.closest('[data-mark]')
  leave.closest('[data-conflict]').remove()
  select(mark.dataset.mark)
}

if (editor) {
  document.addEventListener('keydown', onKey)
  document.body.addEventListener('htmx:beforeRequest', onRequest)
  editor.addEventListener('htmx:configRequest', onConfig)
  document.body.addEventListener('htmx:afterRequest', event => {
    if (event.target.id === 'reading') return
    acts += 1
    sending = Math.max(0, sending - 1)
  })
  document.body.addEventListener('htmx:afterSettle', onSwap)
  document.body.addEventListener('htmx:sendError', onLost)
  editor.addEventListener('click', onClick)
  editor.addEventListener('focusin', event => {
    const mark = event.target.closest('[data-mark]')
    if (mark && mark.dataset.mark !== current) select(mark.dataset.mark, { focus: false })
  })
  if (page) {
    drawing = new Drawing(editor, page, announce)
    changing = new Changing(page, { save: saveMoved, announce })
    remarks = new Remarks(editor, {
      announce,
      drawn: () => drawing.form ? drawing.box : null,
      // Whoever may not redact draws for a remark alone
      added: () => { if (!mayDecide && drawing.form) drawing.clear() }
    })
    sight = new Sight(editor, page, announce)
    page.addEventListener('pointerdown', event => {
      if (event.button !== 0) return
      const clicked = event.target.closest('[data-box]')
      const id = clicked?.dataset.box
      if (!clicked || drawing.active) {
        changing.stop()
        drawing.down(event)
      } else if (event.ctrlKey || event.shiftKey) {
        event.preventDefault()
        select(id)
        tick()
      } else if (mayDecide && id === current && markOf(id)?.dataset.state !== 'moved') {
        changing.grab(event, id, clicked, boxesOf(markOf(id)))
      } else {
        select(id)
      }
    })
  }
  if (editor.dataset.document && mayDecide) {
    startQueue()
    editor.addEventListener('submit', onSubmit)
  }
  if (editor.dataset.tag) startNews()
  const wanted = editor.dataset.at ? markOf(editor.dataset.at) : null
  const first = wanted ?? marks().find(mark => mark.dataset.state === 'open')
  if (first) select(first.dataset.mark, { focus: wanted !== null })
  remarks?.show(new URLSearchParams(window.location.search).get('remark'))
}
