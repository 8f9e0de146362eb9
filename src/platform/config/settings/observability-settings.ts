import { token } from '../secret-setting.js';
import { decimal, hostNames, integer, text, url } from '../setting.js';

/** Health, metrics, traces and figures for autoscaling. */
export const OBSERVABILITY_SETTINGS = {
  HEALTH_HOST: text({
    default: '127.0.0.1',
    about: 'Address of health and metrics; loopback unless told otherwise.',
  }),
  HEALTH_PORT: integer(
    { min: 0, max: 65_535 },
    { default: '8080', about: 'Their port; 0 picks a free one.' },
  ),
  HTTP_API_TOKEN: token({
    about:
      'Bearer token of the HTTP API: what is posted needs it, and so does what is answered to this machine alone. Unset, nothing is taken by POST.',
  }),
  HTTP_ALLOWED_HOSTS: hostNames({
    default: '',
    about:
      "Names that metrics and the API may be asked by, such as vachan.example.org. IP addresses, this machine's name, names of one label and those that end in .local, .internal, .svc or .localhost always may.",
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(
    {
      about:
        "Where traces go, by OTLP over HTTP (http://collector:4318); unset is no tracing. OpenTelemetry's other variables (OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER…) hold too.",
    },
    ['http', 'https'],
  ),
  TRACE_RATIO: decimal(
    { min: 0, max: 1 },
    {
      default: '1',
      about:
        "Share of the records, and of the batches, whose spans are kept; a run's own always are. All suits a trial, 0.01 a run of 900,000.",
    },
  ),
  CLOUDWATCH_NAMESPACE: text({
    about:
      'CloudWatch namespace that orchestrators publish BacklogPerTask (recordings) or UndispatchedTasks (exports) to each minute, for autoscaling; unset publishes nothing.',
  }),
} as const;
