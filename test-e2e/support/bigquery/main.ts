import { startBigQuery } from './server.js';

const [port] = process.argv.slice(2);
const { endpoint, close } = await startBigQuery(port === undefined ? 0 : Number(port));
process.stdout.write(`${endpoint}\n`);
// Whoever started it says when it ends; a Ctrl+C in the terminal reaches both.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.stdin.once('end', close).once('error', close).resume();
