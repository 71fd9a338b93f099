/** What the service answers instead of doing it, in its own words and with its own reasons. */
export class Refusal extends Error {
  readonly status: number;
  readonly reason: string;
  readonly location: string | undefined;

  constructor(status: number, reason: string, message: string, location?: string) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.location = location;
  }

  /** The item that names it in an answer, in `errors` of a job and in `errorResult`. */
  get item() {
    const location = this.location === undefined ? {} : { location: this.location };
    return { message: this.message, domain: 'global', reason: this.reason, ...location };
  }
}

export function invalidQuery(message: string): Refusal {
  return new Refusal(400, 'invalidQuery', message, 'query');
}

export function notFound(kind: string, name: string): Refusal {
  return new Refusal(404, 'notFound', `Not found: ${kind} ${name}`);
}

export function invalid(message: string): Refusal {
  return new Refusal(400, 'invalid', message);
}
