/** What no later try can send: its row is quarantined. */
class UnsendableMessage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnsendableMessage';
  }
}

/** Caught here, since a broken subject on the wire is a protocol error that costs the connection. */
export function checkSendable(subject: string, bytes: Uint8Array, maxBytes: number | undefined): void {
  if (!/^[^\s.*>]+(\.[^\s.*>]+)*$/.test(subject)) throw new UnsendableMessage(`invalid subject: ${subject}`);
  if (maxBytes !== undefined && bytes.length > maxBytes) {
    throw new UnsendableMessage(`${bytes.length} bytes are more than the ${maxBytes} the broker takes`);
  }
}

/** A stored row that cannot be encoded (a TypeError) will not be at a later try either. */
export function isPermanent(error: Error): boolean {
  return error instanceof UnsendableMessage || error instanceof TypeError;
}
