"""Sends row messages as a Python producer does: one JSON body per row, in batches of ten.

Usage: send_with_boto3.py QUEUE_URL ROW_JSON COUNT   (endpoint, region and keys come from the environment)
"""

import json
import sys

import boto3

queue_url, row, count = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
sqs = boto3.client("sqs")
for start in range(0, count, 10):
    entries = []
    for index in range(start, min(start + 10, count)):
        # Python escapes non-ASCII by default; producers differ, so both spellings are sent.
        body = json.dumps({**row, "subject_id": f"s-{index}"}, ensure_ascii=index % 2 == 0)
        entries.append({"Id": str(index), "MessageBody": body})
    answer = sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
    if answer.get("Failed"):
        sys.exit(f"{len(answer['Failed'])} messages were refused")
sqs.send_message(QueueUrl=queue_url, MessageBody="not json", MessageAttributes={
    "origin": {"DataType": "String", "StringValue": "boto3"},
})
print(count + 1)
