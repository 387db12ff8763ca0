// The upload's own logic, run by Node: what is compared, sent, paused, tried again. Run by tests/evidence/test_upload_js.py.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'

import { Offline, Refused, sentence } from '../../static/js/upload/api.js'
import { AnotherFile, SentOtherwise, Upload } from '../../static/js/upload/upload.js'
import { left, size } from '../../static/js/upload/words.js'
import { fromDrop, fromInput } from '../../static/js/uploads/files.js'
import { Queue } from '../../static/js/uploads/queue.js'

const PART = 10
const hash = (name, text) => createHash(name).update(text).digest('hex')
const partsOf = text => text.match(/.{1,10}/gs).map((piece, index) => (
  { number: index + 1, length: piece.length, md5: hash('md5', piece), sha256: hash('sha256', piece) }
))

// A server that remembers: what it stored, what it was asked, and what it is told to answer next
class Server {
  constructor (stored = []) {
    this.stored_ = new Map(stored.map(part => [part.number, { number: part.number, size: part.length, sha256: part.sha256 }]))
    this.sent = []
    this.trouble = []
    this.bodies = new Map()
  }

  async open () { return { id: 'u', part_size: PART, parts: [...this.stored_.values()] } }
  async sign (id, part) { return { url: `/${part.number}`, headers: {}, part } }
  async stored (id, number) { this.sent.push(number) }
  async complete (id, sha256) { this.completed = sha256 }

  send = async (signed, blob, sent, signal) => {
    const trouble = this.trouble.shift()
    if (trouble) throw trouble
    await new Promise((resolve, reject) => {
      setTimeout(resolve, 1)
      signal.addEventListener('abort', () => reject(new DOMException('Paused', 'AbortError')))
    })
    sent(blob.size)
    this.bodies.set(signed.part.number, await blob.text())
  }
}

const digests = async (file, partSize, found) => {
  const text = await file.text()
  for (const part of partsOf(text)) {
    found(part)
    await new Promise(resolve => setTimeout(resolve, 0))
  }
  return hash('sha256', text)
}

function make (text, server, waits = []) {
  return new Upload(new File([text], 'f'), server, digests, { send: server.send, wait: async ms => { waits.push(ms) } })
}

const TEXT = 'abcdefghij'.repeat(5) + 'end'

test('every part is sent, then the whole hash', async () => {
  const server = new Server()
  await make(TEXT, server).run()
  assert.deepEqual(server.sent.sort(), [1, 2, 3, 4, 5, 6])
  assert.equal([...server.bodies].sort(([a], [b]) => a - b).map(([, body]) => body).join(''), TEXT)
  assert.equal(server.completed, hash('sha256', TEXT))
})

test('stored parts are compared and not sent again', async () => {
  const parts = partsOf(TEXT)
  const server = new Server([parts[0], parts[3]])
  await make(TEXT, server).run()
  assert.deepEqual(server.sent.sort(), [2, 3, 5, 6])
  assert.equal(server.completed, hash('sha256', TEXT))
})

test('another file is refused by the first part that differs, and nothing of it is sent', async () => {
  const other = 'abcdefghij'.repeat(2) + 'X' + 'abcdefghij'.repeat(2) + 'abcdefghi' + 'end'
  const parts = partsOf(TEXT)
  const server = new Server([parts[0], parts[2], parts[5]])
  await assert.rejects(make(other, server).run(), error => error instanceof AnotherFile && error.number === 3)
  assert.deepEqual(server.sent, [])
  assert.equal(server.completed, undefined)
})

test('a lost connection is waited out, longer each time', async () => {
  const server = new Server()
  server.trouble = [new Offline(), new Offline(), new Offline()]
  const waits = []
  await make('abcdefghij', server, waits).run()
  assert.deepEqual(waits, [1000, 2000, 4000])
  assert.deepEqual(server.sent, [1])
})

test('where waiting does not help, it says what cannot be reached and what to do, and goes on when told', async () => {
  const server = new Server()
  server.trouble = Array(7).fill(new Offline('https://store.example'))
  const upload = new Upload(new File(['abcdefghij'], 'f'), server, digests, { send: server.send, wait: () => new Promise(() => {}) })
  const said = []
  upload.addEventListener('waiting', ({ detail }) => { said.push(detail.advice); setTimeout(() => upload.nudge()) })
  await upload.run()
  assert.deepEqual(said.slice(0, 4), ['', '', '', ''])
  assert.match(said[4], /site answers, but the store .*https:\/\/store\.example.* cannot be reached from this computer.*IT service desk/)
  assert.match(new Offline().advice, /site cannot be reached.*network or VPN/)
  assert.deepEqual(server.sent, [1])
})

test('a pause while the upload is being completed is waited out', async () => {
  const server = new Server()
  const upload = make('abcdefghij', server)
  let asked = 0
  server.complete = async (id, sha256) => {
    if (asked++) { server.completed = sha256; return }
    upload.pause()
    setTimeout(() => upload.resume(), 20)
    throw new Offline()
  }
  await upload.run()
  assert.equal(server.completed, hash('sha256', 'abcdefghij'))
})

test('a file that is there already is compared and not sent', async () => {
  const server = new Server()
  server.open = async () => ({ id: 'u', part_size: PART, state: 'complete', sha256: hash('sha256', TEXT), parts: [] })
  await make(TEXT, server).run()
  assert.deepEqual([server.sent, server.completed], [[], undefined])
  await assert.rejects(make(TEXT.replace('end', 'END'), server).run(), SentOtherwise)
})

test('a part that the store refuses is signed and sent again, but not for ever', async () => {
  const server = new Server()
  server.trouble = [new Refused(400, 'changed', true)]
  await make('abcdefghij', server).run()
  assert.deepEqual(server.sent, [1])
  const hopeless = new Server()
  hopeless.trouble = Array(50).fill(new Refused(400, 'changed', true))
  await assert.rejects(make('abcdefghij', hopeless).run(), /changed/)
  assert.equal(hopeless.trouble.length, 42)
})

test('a refusal that trying again does not mend ends the upload', async () => {
  const server = new Server()
  server.sign = async () => { throw new Refused(403, 'You have been signed out', false) }
  await assert.rejects(make(TEXT, server).run(), /signed out/)
})

test('a pause stops what is under way, and going on sends the rest', async () => {
  const server = new Server()
  const upload = make(TEXT, server)
  const running = upload.run()
  await new Promise(resolve => setTimeout(resolve, 3))
  upload.pause()
  await new Promise(resolve => setTimeout(resolve, 30))
  const before = server.sent.length
  await new Promise(resolve => setTimeout(resolve, 30))
  assert.equal(server.sent.length, before)
  assert.equal(server.completed, undefined)
  upload.resume()
  await running
  assert.deepEqual([...server.sent].sort(), [1, 2, 3, 4, 5, 6])
  assert.equal(server.completed, hash('sha256', TEXT))
})

test('progress never goes past the whole and ends at it', async () => {
  const server = new Server([partsOf(TEXT)[1]])
  const upload = make(TEXT, server)
  const seen = []
  upload.addEventListener('progress', ({ detail }) => seen.push(detail.sent))
  await upload.run()
  assert.ok(seen.every(sent => sent <= TEXT.length))
  assert.equal(seen.at(-1), TEXT.length)
})

test('a file that changes while it is read is said, and not completed', async () => {
  const server = new Server()
  const upload = new Upload(new File([TEXT], 'f'), server, async () => { throw new Error('The file was changed') }, { send: server.send })
  await assert.rejects(upload.run(), /was changed/)
  assert.equal(server.completed, undefined)
})

// Many files: `make` gives uploads that do what `acts` says of their path
function queueOf (acts = {}) {
  const log = []
  const queue = new Queue({}, digests, item => {
    const upload = new EventTarget()
    return Object.assign(upload, {
      open: async () => {
        await new Promise(resolve => setTimeout(resolve, item.path.endsWith('1') ? 5 : 1))
        log.push(`open ${item.path}`)
        return { exhibit: 'x', reference: item.path, state: acts[item.path] === 'before' ? 'complete' : 'open' }
      },
      run: async () => {
        await new Promise(resolve => setTimeout(resolve, 2))
        if (acts[item.path] instanceof Error) throw acts[item.path]
        log.push(`run ${item.path}`)
      },
      pause () { log.push(`pause ${item.path}`) },
      resume () { log.push(`resume ${item.path}`) },
      nudge () {}
    })
  })
  return { queue, log, ended: () => new Promise(resolve => queue.addEventListener('end', resolve, { once: true })) }
}
const files = (...paths) => paths.map(path => ({ path, file: new File([path], path, { lastModified: 1 }) }))

test('many files are opened in their order, at most three at a time', async () => {
  const { queue, log, ended } = queueOf()
  const end = ended()
  queue.add(files('d/10', 'd/2', 'd/1', 'd/3', 'd/4', 'd/11'))
  assert.equal(queue.counts.sending, 3)
  await end
  assert.deepEqual(log.filter(text => text.startsWith('open')), ['d/1', 'd/2', 'd/3', 'd/4', 'd/10', 'd/11'].map(path => `open ${path}`))
  assert.deepEqual(queue.counts, { waiting: 0, sending: 0, sent: 6, failed: 0 })
  assert.deepEqual(queue.add(files('d/2')), [])
})

test('what fails of many says why, leaves the others alone, and can be tried again', async () => {
  const acts = { b: new Error('The store is full'), c: 'before' }
  const { queue, ended } = queueOf(acts)
  let end = ended()
  queue.add([...files('a', 'b', 'c'), { path: 'empty', file: new File([], 'empty') }])
  await end
  assert.deepEqual(queue.items.map(({ path, state }) => [path, state]), [['a', 'sent'], ['b', 'failed'], ['c', 'sent'], ['empty', 'failed']])
  assert.equal(queue.items[1].note, 'The store is full')
  assert.match(queue.items[2].note, /before/)
  assert.match(queue.items[3].note, /empty/)
  assert.equal(queue.bytes.all, 2)
  delete acts.b
  end = ended()
  queue.again([queue.items[1]])
  await end
  assert.equal(queue.items[1].state, 'sent')
})

test('a pause of many holds those under way and begins no other', async () => {
  const { queue, log, ended } = queueOf()
  const end = ended()
  queue.add(files('a', 'b', 'c', 'd'))
  queue.pause()
  await new Promise(resolve => setTimeout(resolve, 60))
  assert.deepEqual(log.filter(text => text.startsWith('pause')), ['pause a', 'pause b', 'pause c'])
  assert.equal(queue.items[3].state, 'waiting')
  queue.resume()
  await end
  assert.equal(queue.counts.sent, 4)
})

test('a folder is walked to its end, and what systems leave in folders is not taken', async () => {
  const leaf = name => ({ isFile: true, fullPath: `/f/${name}`, file: done => done(new File([name], name)) })
  const folder = (...inside) => ({ isFile: false, createReader: () => ({ readEntries: done => done(inside.splice(0, 2)) }) })
  const tree = folder(leaf('1'), leaf('.DS_Store'), folder(leaf('2')), leaf('3'), leaf('4'))
  const found = await fromDrop({ items: [{ webkitGetAsEntry: () => tree }, { webkitGetAsEntry: () => null }] })
  assert.deepEqual(found.map(({ path }) => path), ['f/1', 'f/2', 'f/3', 'f/4'])
  assert.deepEqual(fromInput([new File([''], 'Thumbs.db'), new File(['x'], 'x')]).map(({ path }) => path), ['x'])
})

test('errors are sentences', () => {
  assert.match(sentence({}, 403), /signed out/)
  assert.equal(sentence({ size: ['The file is empty'] }, 400), 'The file is empty')
  assert.equal(sentence({ detail: 'Try later.', code: 'unavailable' }, 503), 'Try later.')
  assert.equal(sentence({}, 500), 'The server could not take the file')
})

test('sizes and times are plain words', () => {
  assert.deepEqual([0, 1023, 1536, 5 * 1024 ** 3, 200 * 1024 ** 3].map(size), ['0 bytes', '1023 bytes', '1.5 KB', '5.0 GB', '200 GB'])
  assert.deepEqual([5, 60, 600, 7200, Infinity].map(left),
    ['less than a minute left', 'about 1 minute left', 'about 10 minutes left', 'about 2 hours left', ''])
})

test('the worker says the digests of each part and of the whole', async () => {
  const said = []
  globalThis.self = { postMessage: message => said.push(message) }
  await import('../../static/js/upload/worker.js')
  await globalThis.self.onmessage({ data: { file: new File([TEXT], 'f'), partSize: PART } })
  assert.deepEqual(said, [...partsOf(TEXT).map(part => ({ type: 'part', ...part })), { type: 'whole', sha256: hash('sha256', TEXT) }])
})
