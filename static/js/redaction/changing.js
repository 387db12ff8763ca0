// Moving and sizing a box that is there: with the arrow keys after `m`, or by dragging the box that is selected.
import { place } from './boxes.js'

const STEP = 1
const FAR = 10
const MIN = 2
const EDGE = 5 // pixels of the screen from an edge within which a drag sizes
const SLIP = 3 // pixels that a click may move

export class Changing {
  /** `save(id, boxes)` sends the new boxes; `announce` tells a screen reader. */
  constructor (page, { save, announce }) {
    this.page = page
    this.save = save
    this.announce = announce
    this.id = null
    page.addEventListener('pointermove', event => this.drag(event))
    page.addEventListener('pointerup', event => this.drop(event))
    page.addEventListener('pointercancel', () => { if (this.held) this.stop() })
  }

  get active () {
    return this.id !== null
  }

  get limits () {
    return { x: Number(this.page.dataset.width), y: Number(this.page.dataset.height) }
  }

  start (id, group, boxes) {
    this.stop()
    this.id = id
    this.group = group
    this.first = boxes
    this.boxes = boxes.map(box => [...box])
    group.toggleAttribute('data-changing', true)
  }

  /** With the keyboard: the page takes the arrow keys until Enter or Escape. */
  startByKey (id, group, boxes) {
    this.start(id, group, boxes)
    this.page.setAttribute('tabindex', '0')
    this.page.focus()
    this.announce('Moving the box. Arrows move it, with Shift they size it, Enter saves, Escape leaves it.')
  }

  /** Leaves the box where it was. */
  stop () {
    if (!this.active) return
    place(this.group, this.first)
    this.end()
  }

  end () {
    this.group.removeAttribute('data-changing')
    this.id = null
    this.held = null
  }

  finish () {
    const { id, boxes } = this
    const same = JSON.stringify(boxes) === JSON.stringify(this.first)
    this.end()
    if (!same) this.save(id, boxes)
    return !same
  }

  /** All boxes by this much, but not over the page's edge. */
  shift (x, y) {
    const room = (by, low, high) => Math.max(-low, Math.min(by, high))
    const edge = (index, pick) => pick(...this.boxes.map(box => box[index]))
    const across = room(x, edge(0, Math.min), this.limits.x - edge(2, Math.max))
    const down = room(y, edge(1, Math.min), this.limits.y - edge(3, Math.max))
    this.boxes = this.boxes.map(([left, top, right, bottom]) => [left + across, top + down, right + across, bottom + down].map(round))
    place(this.group, this.boxes)
  }

  /** Edges of one box by this much: 0 left, 1 top, 2 right, 3 bottom. */
  size (index, edges, x, y) {
    const box = [...this.boxes[index]]
    for (const edge of edges) {
      const limit = edge % 2 ? this.limits.y : this.limits.x
      const moved = Math.max(0, Math.min(limit, box[edge] + (edge % 2 ? y : x)))
      box[edge] = round(edge < 2 ? Math.min(moved, box[edge + 2] - MIN) : Math.max(moved, box[edge - 2] + MIN))
    }
    this.boxes[index] = box
    place(this.group, this.boxes)
  }

  /** True if the key was about the box. */
  key (event) {
    if (!this.active || document.activeElement !== this.page) return false
    if (event.key === 'Enter') {
      if (!this.finish()) this.announce('The box is where it was.')
      return true
    }
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    if (!by) return false
    const [x, y] = by.map(way => way * (event.ctrlKey ? FAR : STEP))
    if (event.shiftKey) this.size(this.boxes.length - 1, x ? [2] : [3], x, y)
    else this.shift(x, y)
    return true
  }

  // ---- by mouse ------------------------------------------------------------------------------------------------------

  /** Takes hold of a box: near an edge to size it, else to move it. */
  grab (event, id, group, boxes) {
    const index = [...group.children].indexOf(event.target)
    if (index < 0) return
    event.preventDefault()
    const shown = event.target.getBoundingClientRect()
    const gaps = [event.clientX - shown.left, event.clientY - shown.top, shown.right - event.clientX, shown.bottom - event.clientY]
    // A thin box has a middle to be moved by, however near its edges are
    const near = gap => gap <= Math.min(EDGE, Math.min(shown.width, shown.height) / 4)
    const edges = [0, 1, 2, 3].filter(edge => near(gaps[edge]))
    this.start(id, group, boxes)
    this.held = { index, edges, x: event.clientX, y: event.clientY, moved: false }
    this.page.setPointerCapture(event.pointerId)
  }

  drag (event) {
    if (!this.held) return
    const { held } = this
    if (!held.moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < SLIP) return
    held.moved = true
    const scale = this.page.getScreenCTM().a
    const [x, y] = [(event.clientX - held.x) / scale, (event.clientY - held.y) / scale]
    this.boxes = this.first.map(box => [...box])
    if (held.edges.length) this.size(held.index, held.edges, x, y)
    else this.shift(x, y)
  }

  drop () {
    if (!this.held) return
    if (this.held.moved) this.finish()
    else this.stop()
  }
}

function round (edge) {
  return Math.round(edge * 100) / 100
}
