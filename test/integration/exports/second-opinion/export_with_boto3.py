"""Another program's view of exports: metadata and a message by boto3, then the result from S3."""

import json
import sys
import time

import boto3

told = json.loads(sys.argv[1])
dynamo = boto3.resource("dynamodb", endpoint_url=told["dynamo"])
s3 = boto3.client("s3", endpoint_url=told["store"])
sqs = boto3.client("sqs", endpoint_url=told["sqs"])
export_id = told["exportId"]

table = dynamo.Table(told["table"])
for name in told["names"]:
    table.put_item(Item={"pk": f"EXPORT#default#{export_id}", "sk": name, "size": told["size"]})
sqs.send_message(
    QueueUrl=told["queue"], MessageBody=json.dumps({"version": 1, "export_ids": [export_id]})
)

folder = f"{told['statePrefix']}/default/{export_id}"
while True:
    try:
        result = json.load(s3.get_object(Bucket=told["bucket"], Key=f"{folder}/result.json")["Body"])
        break
    except s3.exceptions.NoSuchKey:
        time.sleep(0.2)
manifest = s3.get_object(Bucket=told["bucket"], Key=result["manifest_key"])["Body"]
entries = sorted(json.loads(line)["entry"] for line in manifest.iter_lines())
print(json.dumps({"state": result["state"], "uploaded": result["entries"]["uploaded"], "manifest": entries}))
