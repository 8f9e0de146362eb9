"""The peer: downloads the ZIP, and puts its entries with zipfile and boto3, eight threads; the fastest of its kinds (bytes and put_object).

Bodies are not signed, as they are not over https. Argument: JSON of where things are.
"""

import json
import resource
import shutil
import sys
import tempfile
import time
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

needs = json.loads(sys.argv[1])
api, sink, name = needs["api"], needs["sink"], needs["name"]
client = boto3.client(
    "s3",
    endpoint_url=sink["url"],
    region_name="us-east-1",
    aws_access_key_id="bench",
    aws_secret_access_key="bench",
    config=Config(max_pool_connections=16, s3={"addressing_style": "path", "payload_signing_enabled": False}),
)


def get(url: str) -> object:
    return urllib.request.urlopen(
        urllib.request.Request(url, headers={"Authorization": f"Bearer {api['token']}"})
    )


def settle() -> int:
    with get(f"{api['url']}/v1/exports/{name}/files/file") as answer:
        url = json.load(answer)["download"]["url"]
    with tempfile.TemporaryFile() as file:
        with get(url) as body:
            shutil.copyfileobj(body, file, 1024 * 1024)
        with zipfile.ZipFile(file) as archive, ThreadPoolExecutor(8) as threads:

            def put(entry: zipfile.ZipInfo) -> None:
                client.put_object(Bucket="bench", Key=f"out/{entry.filename}", Body=archive.read(entry))

            return len(list(threads.map(put, archive.infolist())))


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


print(json.dumps({"ready": {"python": sys.version.split()[0], "boto3": boto3.__version__}}), flush=True)
for line in sys.stdin:
    if line.strip() == "quit":
        break
    cpu, started = cpu_seconds(), time.perf_counter()
    uploaded = settle()
    print(
        json.dumps(
            {
                "wallSeconds": time.perf_counter() - started,
                "cpuSeconds": cpu_seconds() - cpu,
                "peakMib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "ended": "settled",
                "uploaded": uploaded,
            }
        ),
        flush=True,
    )
