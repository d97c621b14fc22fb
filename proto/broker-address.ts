/** How a NATS client is told where to connect, and as whom. */
export interface BrokerAddress {
  readonly servers: string;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  /** Empty: encrypted, and the server's certificate is checked against those that the system or NODE_EXTRA_CA_CERTS trusts. */
  readonly tls?: Record<string, never>;
}

/**
 * Reads `nats://user:password@host:4222`, `nats://token@host` and `tls://host`. The client itself takes host and port
 * only, and would leave out who asks and that nobody is to listen.
 */
export function brokerAddress(url: string): BrokerAddress {
  const { protocol, host, username, password } = new URL(/^\w+:\/\//.test(url) ? url : `nats://${url}`);
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    servers: host,
    ...(user !== '' && (pass === '' ? { token: user } : { user, pass })),
    ...(protocol === 'tls:' && { tls: {} }),
  };
}
