import { SpanStatusCode, context, trace, type Context, type Span } from '@opentelemetry/api';
import {
  extractContextFromHeaders,
  headersWithContext,
} from '@temporalio/interceptors-opentelemetry/lib/instrumentation.js';
import {
  OpenTelemetryInboundInterceptor,
  OpenTelemetryInternalsInterceptor,
  OpenTelemetryOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry/lib/workflow/index.js';
import {
  ContinueAsNew,
  isCancellation,
  workflowInfo,
  type WorkflowInboundCallsInterceptor,
  type WorkflowInterceptors,
  type WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow';

/**
 * Temporal's interceptors for OpenTelemetry, with one difference: what a call returns is handed on as it is, never
 * awaited. Theirs let the workflow go on a few turns of the event loop later than without them, so that of two
 * things that end in one activation the other one is first: a run that was started without tracing could not be
 * replayed with it, nor the other way round (the replay tests show it).
 */
export const interceptors = (): WorkflowInterceptors => ({
  inbound: [new OrderKeepingInbound()],
  outbound: [new OrderKeepingOutbound()],
  internals: [new OpenTelemetryInternalsInterceptor()],
});

type Inbound = Required<WorkflowInboundCallsInterceptor>;
type Outbound = Required<WorkflowOutboundCallsInterceptor>;

/** One span a workflow; signals, updates and queries have none. */
class OrderKeepingInbound implements WorkflowInboundCallsInterceptor {
  // Makes this isolate's tracer and its way out.
  readonly #theirs = new TheirInbound();

  execute(...[input, next]: Parameters<Inbound['execute']>): ReturnType<Inbound['execute']> {
    const parent = extractContextFromHeaders(input.headers) ?? context.active();
    const name = `RunWorkflow:${workflowInfo().workflowType}`;
    return underSpan(this.#theirs.itsTracer, name, parent, () => next(input));
  }
}

class TheirInbound extends OpenTelemetryInboundInterceptor {
  get itsTracer(): Tracer {
    return this.tracer;
  }
}

/** One span for what a workflow starts. */
class OrderKeepingOutbound extends OpenTelemetryOutboundInterceptor {
  override scheduleActivity(
    ...[input, next]: Parameters<Outbound['scheduleActivity']>
  ): ReturnType<Outbound['scheduleActivity']> {
    return this.#start(`StartActivity:${input.activityType}`, () =>
      next({ ...input, headers: headersWithContext(input.headers) }),
    );
  }

  override scheduleLocalActivity(
    ...[input, next]: Parameters<Outbound['scheduleLocalActivity']>
  ): ReturnType<Outbound['scheduleLocalActivity']> {
    return this.#start(`StartActivity:${input.activityType}`, () =>
      next({ ...input, headers: headersWithContext(input.headers) }),
    );
  }

  override startChildWorkflowExecution(
    ...[input, next]: Parameters<Outbound['startChildWorkflowExecution']>
  ): ReturnType<Outbound['startChildWorkflowExecution']> {
    return this.#start(`StartChildWorkflow:${input.workflowType}`, () =>
      next({ ...input, headers: headersWithContext(input.headers) }),
    );
  }

  override continueAsNew(
    ...[input, next]: Parameters<Outbound['continueAsNew']>
  ): ReturnType<Outbound['continueAsNew']> {
    return next({ ...input, headers: headersWithContext(input.headers) });
  }

  override signalWorkflow(
    ...[input, next]: Parameters<Outbound['signalWorkflow']>
  ): ReturnType<Outbound['signalWorkflow']> {
    return next({ ...input, headers: headersWithContext(input.headers) });
  }

  override startNexusOperation(
    ...[input, next]: Parameters<Outbound['startNexusOperation']>
  ): ReturnType<Outbound['startNexusOperation']> {
    return next(input);
  }

  #start<T>(name: string, call: () => Promise<T>): Promise<T> {
    return underSpan(this.tracer, name, context.active(), call);
  }
}

type Tracer = OpenTelemetryOutboundInterceptor['tracer'];

/** Calls under a new span that ends with the call's promise, which is returned itself. */
function underSpan<T>(tracer: Tracer, name: string, parent: Context, call: () => Promise<T>): Promise<T> {
  const span = tracer.startSpan(name, {}, parent);
  const result = context.with(trace.setSpan(parent, span), call);
  result.then(
    () => end(span),
    (error: unknown) => end(span, error),
  );
  return result;
}

function end(span: Span, error?: unknown): void {
  const wellEnded = error === undefined || error instanceof ContinueAsNew || isCancellation(error);
  if (wellEnded) span.setStatus({ code: SpanStatusCode.OK });
  else {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
  }
  span.end();
}
