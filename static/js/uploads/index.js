// The page of many files: choose or drop them, see each go, pause, try again what failed.
import { Api } from '../upload/api.js'
import { digestsIn } from '../upload/digests.js'
import { left, size } from '../upload/words.js'
import { fromDrop, fromInput } from './files.js'
import { Queue } from './queue.js'

const NIL = '00000000-0000-0000-0000-000000000000'
const SPOKEN_EVERY = 15000
const WINDOW = 30000
const NAMES = { waiting: 'Waiting', sending: 'Sending', sent: 'Sent', failed: 'Not sent' }
const COLOURS = { waiting: 'grey', sending: 'blue', sent: 'green', failed: 'red' }

class Page {
  constructor (root) {
    this.root = root
    this.parts = Object.fromEntries([...root.querySelectorAll('[data-uploads-part]')].map(part => [part.dataset.uploadsPart, part]))
    this.rows = new Map()
    this.seen = []
    const { openUrl, uploadUrl, csrf, worker } = root.dataset
    const digests = digestsIn(worker)
    this.queue = new Queue(new Api({ openUrl, uploadUrl, csrf }), (file, ...rest) => digests(file.file, ...rest))
    this.queue.addEventListener('change', ({ detail }) => { this.#row(detail.item); this.#overall() })
    this.queue.addEventListener('progress', ({ detail }) => { this.#bar(detail.item); this.#overall() })
    this.queue.addEventListener('end', () => this.#end())
    this.#listen()
  }

  #listen () {
    for (const name of ['files', 'folder']) {
      const input = this.parts[name]
      input.addEventListener('change', () => { this.#add(fromInput(input.files)); input.value = '' })
    }
    const { drop } = this.parts
    for (const [name, over] of [['dragover', true], ['dragleave', false], ['drop', false]]) {
      drop.addEventListener(name, event => { event.preventDefault(); drop.classList.toggle('app-uploads__choose--over', over) })
    }
    drop.addEventListener('drop', async event => {
      try {
        this.#add(await fromDrop(event.dataTransfer))
      } catch {
        this.#error('A dropped file or folder could not be read. Choose it with the buttons below instead.')
      }
    })
    this.parts.pause.addEventListener('click', () => this.#turn())
    this.parts.again.addEventListener('click', () => this.queue.again())
    addEventListener('beforeunload', event => { if (this.#busy()) event.preventDefault() })
  }

  #add (found) {
    this.#error(found.length ? '' : 'There is no file in what you chose.')
    if (!found.length) return
    this.parts.progress.hidden = this.parts.table.hidden = false
    // What the page said as it was loaded is over: from here on the progress says it
    for (const part of document.querySelectorAll('[data-uploads-before]')) part.hidden = true
    this.queue.add(found)
    for (const item of this.queue.items) if (!this.rows.has(item)) this.#row(item)
    this.#overall()
  }

  #busy () {
    const { waiting, sending } = this.queue.counts
    return waiting + sending > 0
  }

  #turn () {
    if (this.queue.paused) this.queue.resume()
    else this.queue.pause()
    this.seen = []
    this.parts.pause.textContent = this.queue.paused ? 'Go on' : 'Pause'
    this.#overall()
  }

  #row (item) {
    const row = this.rows.get(item) ?? this.#newRow(item)
    row.tag.textContent = NAMES[item.state]
    row.tag.className = `govuk-tag govuk-tag--${COLOURS[item.state]}`
    row.note.textContent = item.note
    row.again.hidden = !item.mayTryAgain
    row.bar.hidden = item.state !== 'sending'
    if (item.exhibit && !row.exhibit.firstElementChild) {
      const link = element('a', { className: 'govuk-link app-nowrap', textContent: item.exhibit.reference })
      link.href = this.root.dataset.exhibitUrl.replace(NIL, item.exhibit.id)
      row.exhibit.replaceChildren(link)
    }
    this.#bar(item)
  }

  #newRow (item) {
    const row = {
      exhibit: element('td', { className: 'govuk-table__cell' }),
      tag: element('strong'),
      note: element('p', { className: 'govuk-body-s govuk-!-margin-bottom-0' }),
      bar: element('progress', { max: 100, ariaLabel: `Sent of ${item.path}` }),
      again: element('button', { type: 'button', className: 'govuk-button govuk-button--secondary', textContent: 'Try again', hidden: true })
    }
    row.again.append(element('span', { className: 'govuk-visually-hidden', textContent: ` ${item.path}` }))
    row.again.addEventListener('click', () => this.queue.again([item]))
    const name = element('th', { scope: 'row', className: 'govuk-table__header app-uploads__name', textContent: item.path })
    const bytes = element('td', { className: 'govuk-table__cell app-nowrap', textContent: size(item.file.size) })
    const state = element('td', { className: 'govuk-table__cell' })
    const inside = element('div')
    inside.append(row.tag, row.bar, row.note, row.again)
    state.append(inside)
    for (const [cell, label] of [[bytes, 'Size'], [row.exhibit, 'Exhibit'], [state, 'State']]) cell.dataset.label = label
    const line = element('tr', { className: 'govuk-table__row' })
    line.append(name, bytes, row.exhibit, state)
    this.parts.rows.append(line)
    this.rows.set(item, row)
    return row
  }

  #bar (item) {
    const row = this.rows.get(item)
    if (row) row.bar.value = item.file.size ? Math.floor(item.sent * 100 / item.file.size) : 0
  }

  #overall () {
    const { waiting, sending, sent, failed } = this.queue.counts
    const all = this.queue.items.length
    const bytes = this.queue.bytes
    const { title, text, bar, note, pause, again } = this.parts
    title.textContent = this.queue.paused ? 'Paused' : waiting + sending ? 'Sending' : failed ? 'Some files were not sent' : 'All files were sent. They are now checked.'
    text.textContent = [`${sent} of ${all} files`, `${size(bytes.sent)} of ${size(bytes.all)}`, this.#timeLeft(bytes)].filter(Boolean).join(', ')
    bar.value = bytes.all ? Math.floor(bytes.sent * 100 / bytes.all) : 0
    note.textContent = failed ? `${failed} ${failed === 1 ? 'file was' : 'files were'} not sent: the table says why.` : ''
    pause.hidden = !(waiting + sending)
    again.hidden = !this.queue.items.some(item => item.mayTryAgain)
    const now = Date.now()
    if (now - (this.spokenAt ?? 0) > SPOKEN_EVERY) this.#speak(now)
  }

  #timeLeft ({ sent, all }) {
    const now = Date.now()
    this.seen.push([now, sent])
    while (this.seen.length > 2 && now - this.seen[0][0] > WINDOW) this.seen.shift()
    const [then, before] = this.seen[0]
    if (now - then < 3000 || sent <= before || sent >= all) return ''
    return left((all - sent) * (now - then) / (sent - before) / 1000)
  }

  #speak (now = Date.now()) {
    this.spokenAt = now
    this.parts.spoken.textContent = `${this.parts.title.textContent}: ${this.parts.text.textContent}. ${this.parts.note.textContent}`
  }

  #end () {
    this.#overall()
    this.#speak()
  }

  #error (text) {
    this.parts.error.textContent = text
    this.parts.error.hidden = !text
  }
}

function element (name, values = {}) {
  return Object.assign(document.createElement(name), values)
}

document.querySelectorAll('[data-module="app-uploads"]').forEach(root => new Page(root))
