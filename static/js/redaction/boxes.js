// The boxes over the page are drawn from the list beside it: each item says where its boxes are and what holds of them.
const SVG = 'http://www.w3.org/2000/svg'

/** A group's rectangles at these places. */
export function place (group, boxes) {
  const there = [...group.children]
  for (const [index, [left, top, right, bottom]] of boxes.entries()) {
    const rect = there[index] ?? group.appendChild(document.createElementNS(SVG, 'rect'))
    rect.setAttribute('x', left)
    rect.setAttribute('y', top)
    rect.setAttribute('width', right - left)
    rect.setAttribute('height', bottom - top)
  }
  for (const rect of there.slice(boxes.length)) rect.remove()
}

export function boxesOf (mark) {
  return JSON.parse(mark.dataset.boxes)
}

/** Brings the page's boxes in line with the list: new ones, gone ones, and what holds of each. */
export function draw (page, marks) {
  const known = new Map([...page.querySelectorAll('[data-box]')].map(group => [group.dataset.box, group]))
  for (const mark of marks) {
    let group = known.get(mark.dataset.mark)
    known.delete(mark.dataset.mark)
    if (!group) {
      group = document.createElementNS(SVG, 'g')
      group.dataset.box = mark.dataset.mark
      page.insertBefore(group, page.querySelector('[data-drawing]'))
      place(group, boxesOf(mark))
    } else if (!mark.hasAttribute('data-unsaved-boxes')) {
      place(group, boxesOf(mark))
    }
    const rest = 'rest' in mark.dataset ? ' app-redaction__box--rest' : ''
    // Moved and not saved yet: it is seen where it was put
    const state = mark.hasAttribute('data-unsaved-boxes') ? 'accept' : mark.dataset.state
    group.setAttribute('class', `app-redaction__box app-redaction__box--${state}${rest}`)
  }
  for (const group of known.values()) group.remove()
}
