"""moto's server, whose SQS believes that it is later by as many milliseconds as stand in a file."""

import sys

from moto.server import main
from moto.sqs import models

port, later_file = sys.argv[1:]
now = models.unix_time_millis


def later(*args):
    with open(later_file) as text:
        return now(*args) + float(text.read())


models.unix_time_millis = later
main(["-H", "127.0.0.1", "-p", port])
