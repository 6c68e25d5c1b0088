/** A switch that runs the lab, in a process of its own: prints its address. */
import { connect, createDataPlane, createSwitch, serve } from 'p4ts/runtime';
import { lab } from './lab.js';

const { address } = await serve(createSwitch({ dataPlane: createDataPlane() }), { address: '127.0.0.1:0' });
await (await connect(lab, { address })).close();
process.stdout.write(`${address}\n`);
