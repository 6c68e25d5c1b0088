/** The lab's switch in a process of its own, for tests that kill it: its address is the argument, and is printed. */
import { createDataPlane, createSwitch, serve } from 'p4ts/runtime';

const { address } = await serve(createSwitch({ dataPlane: createDataPlane() }), { address: process.argv[2] as string });
process.stdout.write(`${address}\n`);
