/** Whoever reads our output may stop early: p4ts trace … | head. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (isReaderGone(error)) process.exit(0);
  throw error;
});

/** Of a pipe, or of a terminal that was closed. */
export function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO';
}
