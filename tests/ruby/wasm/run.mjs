// Runs the Ruby script whose path it is given. Standard input, output and error are the script's.
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim'
import { RubyVM } from '@ruby/wasm-wasi'

const [path] = process.argv.slice(2)
const script = new File(await readFile(path))
const output = []

// Not Node.js's own WASI: it is experimental, and in Node.js 20 some runs with it end in a segmentation fault.
const wasip1 = new WASI([], [`SCRIPT=/script/${basename(path)}`], [
  new OpenFile(new File(await buffer(process.stdin))),
  new ConsoleStdout((bytes) => output.push(bytes)),
  new ConsoleStdout((bytes) => process.stderr.write(bytes)),
  new PreopenDirectory('/script', new Map([[basename(path), script]])),
], { debug: false })

const ruby = new URL('node_modules/@ruby/3.4-wasm-wasi/dist/ruby+stdlib.wasm', import.meta.url)
const { vm } = await RubyVM.instantiateModule({ module: await WebAssembly.compile(await readFile(ruby)), wasip1 })
try {
  // Ruby never ends here as it does elsewhere, so what it still holds back has to be written.
  vm.eval('begin; load ENV.fetch("SCRIPT"); ensure $stdout.flush; end')
  process.stdout.write(Buffer.concat(output))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
