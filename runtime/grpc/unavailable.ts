/** Why a server cannot be reached, in words that tell what to do. */

/** What gRPC, Node and OpenSSL say, and what it means. */
const causes: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'nothing listens there; start the switch, or name another address'],
  [/ENOTFOUND|EAI_AGAIN|Name resolution failed/, 'its host name is unknown'],
  [/EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/, 'there is no way to that host'],
  [/certificate has expired/, "the switch's certificate has expired; the switch needs a new one"],
  [/certificate is not yet valid/, "the switch's certificate is not valid yet; look at the clocks of both sides"],
  [
    /self[- ]signed certificate|unable to (verify|get)/,
    "no authority that is trusted here signed the switch's certificate; give the one that did: tls.ca, or --ca FILE",
  ],
  [
    /ERR_TLS_CERT_ALTNAME_INVALID/,
    "the switch's certificate is for another host; use an address that the certificate names, or tls.serverName, or --server-name NAME",
  ],
  [
    /alert certificate required|alert handshake failure/,
    "the switch asks for this controller's certificate; give tls.cert and tls.key, or --cert and --key",
  ],
  [
    /alert (unknown ca|bad certificate|certificate expired|certificate unknown|unsupported certificate)/,
    "the switch does not accept this controller's certificate; take one that is not expired, of an authority that the switch trusts",
  ],
  [/wrong version number|packet length too long/, 'it does not speak TLS; leave out tls, or --tls and the certificates'],
  [
    /Last error: Failed to connect/,
    "it ended the connection at once; it may speak TLS, for which give tls, or --ca FILE, or it does not accept this controller's certificate",
  ],
];

/** Any message of a call with the status UNAVAILABLE; one that is not known loses only what gRPC wraps it in. */
export function unavailableBecause(message: string): string {
  const known = causes.find(([pattern]) => pattern.test(message));
  if (known) return known[1];
  const [, inner = message] = /Last error: (.*?)\.?\s*Resolution note:/s.exec(message) ?? [];
  return inner.replace(/\s*\(\d{4}-\d\d-\d\dT[\d:.]+Z\)$/, '').replace(/^Error: /, '');
}
