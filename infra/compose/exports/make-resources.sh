#!/bin/sh
# What docker-compose.yml needs in S3 and DynamoDB; each may be there already.
set -eu
for bucket in vachan-recordings vachan-exports; do
  aws s3api head-bucket --bucket "$bucket" 2>/dev/null || aws s3api create-bucket --bucket "$bucket"
done
aws dynamodb describe-table --table-name vachan-export-metadata >/dev/null 2>&1 ||
  aws dynamodb create-table --table-name vachan-export-metadata --billing-mode PAY_PER_REQUEST \
    --attribute-definitions AttributeName=pk,AttributeType=S AttributeName=sk,AttributeType=S \
    --key-schema AttributeName=pk,KeyType=HASH AttributeName=sk,KeyType=RANGE
# The entries of the export that tools/export-api/main.ts serves.
for name in readme.txt report.txt; do
  aws dynamodb put-item --table-name vachan-export-metadata --item \
    "{\"pk\": {\"S\": \"EXPORT#default#demo\"}, \"sk\": {\"S\": \"$name\"}, \"size\": {\"N\": \"1000\"}}"
done
