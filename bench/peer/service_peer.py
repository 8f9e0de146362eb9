"""The Python peer of `npm run bench -- pipeline`: the whole service as one would write it with asyncio, boto3 and librosa.

Receives from SQS, leaves out what has a result or no source document any more, downloads, decodes, computes features and
scores in a process pool, upserts into MongoDB, and only then deletes the messages. Ends when the queue stays empty.

    service_peer.py QUEUE_URL MONGO_URI DATABASE SOURCE_COLLECTION RESULT_COLLECTION PROCESSES WARM_UP_CLIP
"""
import asyncio
import concurrent.futures
import datetime
import hashlib
import json
import multiprocessing
import os
import re
import sys
import tempfile

import peer

import boto3  # noqa: E402
import pymongo  # noqa: E402
from bson import ObjectId  # noqa: E402
from botocore.config import Config  # noqa: E402

#: Receives that must find nothing, one after the other, before the queue counts as empty.
EMPTY_RECEIVES = 2
#: Messages in work at once; SQS hands out ten a call.
IN_WORK = 100
DOWNLOADS = 16

queue_url, mongo_uri, database, source_name, result_name, processes, warm_up = sys.argv[1:]
aws = {
    "endpoint_url": os.environ["AWS_ENDPOINT_URL"],
    "region_name": os.environ["AWS_REGION"],
    "config": Config(max_pool_connections=DOWNLOADS + 8, s3={"addressing_style": "path"}),
}
sqs, s3 = boto3.client("sqs", **aws), boto3.client("s3", **aws)
db = pymongo.MongoClient(mongo_uri)[database]
downloads = concurrent.futures.ThreadPoolExecutor(DOWNLOADS)
calls = concurrent.futures.ThreadPoolExecutor(8)


def on_thread(pool, work, *args, **kwargs):
    return asyncio.get_running_loop().run_in_executor(pool, lambda: work(*args, **kwargs))


def result_id(message):
    basis = [message[k] for k in ("source_collection", "student_id", "subject_name", "test_date", "audio_s3_url")]
    return hashlib.sha256(json.dumps(basis, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def download(url, folder):
    bucket, key = re.fullmatch(r"s3://([^/]+)/(.+)", url).groups()
    file = tempfile.NamedTemporaryFile(dir=folder, suffix=os.path.splitext(key)[1], delete=False)
    with file:
        for piece in s3.get_object(Bucket=bucket, Key=key)["Body"].iter_chunks(1 << 18):
            file.write(piece)
    return file.name


async def features_of(message, folder, pool):
    path = await on_thread(downloads, download, message["audio_s3_url"], folder)
    try:
        return (await asyncio.get_running_loop().run_in_executor(pool, peer.extract, path))["features"]
    finally:
        os.unlink(path)


async def handle(received, folder, pool):
    messages = [json.loads(item["Body"]) for item in received]
    ids = [result_id(message) for message in messages]
    done = await on_thread(calls, lambda: {d["_id"] for d in db[result_name].find({"_id": {"$in": ids}}, {"_id": 1})})
    sources = [ObjectId(message["mongo_doc_id"]) for message in messages]
    there = await on_thread(calls, lambda: {str(d["_id"]) for d in db[source_name].find({"_id": {"$in": sources}}, {"_id": 1})})
    todo = [
        (message, id_)
        for message, id_ in zip(messages, ids)
        if id_ not in done and message["mongo_doc_id"] in there
    ]
    if todo:
        rows = await asyncio.gather(*(features_of(message, folder, pool) for message, _ in todo))
        scores = await asyncio.get_running_loop().run_in_executor(pool, peer.score, rows)
        now = datetime.datetime.now(datetime.timezone.utc)
        writes = [
            pymongo.UpdateOne(
                {"_id": id_},
                {"$set": {"source": message, "inference": {"anomaly_score": -score}, "updated_at": now}},
                upsert=True,
            )
            for (message, id_), score in zip(todo, scores)
        ]
        await on_thread(calls, db[result_name].bulk_write, writes, ordered=False)
    entries = [{"Id": str(i), "ReceiptHandle": item["ReceiptHandle"]} for i, item in enumerate(received)]
    await on_thread(calls, sqs.delete_message_batch, QueueUrl=queue_url, Entries=entries)


async def serve(folder, pool):
    room = asyncio.Semaphore(IN_WORK // 10)
    tasks, empty = set(), 0

    async def work(received):
        try:
            await handle(received, folder, pool)
        finally:
            room.release()

    while empty < EMPTY_RECEIVES:
        await room.acquire()
        answer = await on_thread(
            calls, sqs.receive_message, QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=1, VisibilityTimeout=300
        )
        received = answer.get("Messages", [])
        empty = 0 if received else empty + 1
        if not received:
            room.release()
            continue
        task = asyncio.create_task(work(received))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)


def main():
    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(int(processes), context, peer.start, (warm_up,)) as pool:
        # Every member has started and is warm when all have answered at once.
        list(pool.map(peer.time.sleep, [0.5] * int(processes)))
        print(json.dumps({"ready": True}), flush=True)
        sys.stdin.readline()
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(serve(folder, pool))
        print(json.dumps({"done": True}), flush=True)


if __name__ == "__main__":
    main()
