// Answers each line of its input, a call as JSON, by a line of its output. Its argument is which
// client of this folder makes the calls.
const readline = require('readline');

const connect = require(`./${process.argv[2]}`);

async function answer(line) {
  const { endpoint, secret, action, version, params } = JSON.parse(line);
  const call = connect({ accessKeyId: 'sandbox', accessKeySecret: secret, endpoint });
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
