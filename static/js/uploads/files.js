// Files out of inputs and drops, each with its path: {file, path}.

// What systems leave in folders, and nobody means to exhibit
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

export function fromInput (list) {
  return [...list].filter(file => !LITTER.has(file.name)).map(file => ({ file, path: file.webkitRelativePath || file.name }))
}

/** Everything in a drop, folders with all that is in them. A folder that can't be read is an error. */
export async function fromDrop (transfer) {
  // Entries must be taken before the first wait: afterwards the drop is empty
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean)
  const found = []
  for (const entry of entries) await walk(entry, found)
  return found
}

async function walk (entry, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject))
    if (!LITTER.has(file.name)) found.push({ file, path: entry.fullPath.replace(/^\//, '') })
    return
  }
  const reader = entry.createReader()
  // A reader gives a hundred at a time, and nothing at its end
  for (let more = []; ; more = []) {
    more = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
    if (!more.length) return
    for (const inner of more) await walk(inner, found)
  }
}
