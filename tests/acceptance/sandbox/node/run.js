// Answers each line of its input, a call as JSON, by a line of its output. Its arguments: which
// client of this folder, the sandbox's host and port, and the secret of the key `sandbox`.
const readline = require('readline');

const [client, endpoint, accessKeySecret] = process.argv.slice(2);
const call = require(`./${client}`)({ accessKeyId: 'sandbox', accessKeySecret, endpoint });

async function answer(line) {
  const { action, version, params } = JSON.parse(line);
  try {
    return { body: await call(action, version, params) };
  } catch (error) {
    return { error: { name: error.name, code: error.code, message: error.message } };
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(line)) + '\n');
  }
  process.exit(0); // a client may keep its connection
}

main();
