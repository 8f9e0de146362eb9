/** An endpoint that has answered 410: nothing is sent there until a person enables it again. */
export interface DisabledEndpoint {
  at: Date;
  reason: string;
}

/** What is remembered of endpoints, by their keys; a pipeline keeps it where it keeps its events. */
export interface EndpointStates {
  disabled(key: string): Promise<DisabledEndpoint | undefined>;
  disable(key: string, disabled: DisabledEndpoint): Promise<void>;
  /** @returns whether it was disabled */
  enable(key: string): Promise<boolean>;
}
